#include "util/secret.hpp"

#include <openssl/crypto.h>

namespace tti {

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        text_ = other.text_;
        other.wipe();
    }
    return *this;
}

void Secret::wipe() noexcept {
    // Not std::fill: a compiler may drop a write to memory that is about to be freed.
    OPENSSL_cleanse(text_.data(), text_.size());
    text_.clear();
}

}  // namespace tti
