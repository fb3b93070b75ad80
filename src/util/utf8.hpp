#pragma once

#include <string>
#include <string_view>

#include "util/expected.hpp"

namespace tti::util {

// Reads UTF-8 strictly: no overlong forms, no surrogates, nothing above U+10FFFF.
Expected<std::u32string> parse_utf8(std::string_view text);

}  // namespace tti::util
