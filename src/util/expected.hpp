#pragma once

#include <string>

#include <tl/expected.hpp>

namespace tti {

// Parsers and other leaves return this: a value, or what is wrong with the input, in words that complete
// "NAME = VALUE: …".
template <typename T>
using Expected = tl::expected<T, std::string>;

inline tl::unexpected<std::string> unexpected(std::string reason) {
    return tl::unexpected<std::string>(std::move(reason));
}

}  // namespace tti
