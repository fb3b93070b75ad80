#include "util/sha256.hpp"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace tti::util {

Sha256::Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
}

void Sha256::update(std::string_view bytes) {
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

std::string Sha256::hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
    std::string text;
    for (unsigned index = 0; index < size; ++index) {
        text += fmt::format("{:02x}", digest.at(index));
    }
    return text;
}

}  // namespace tti::util
