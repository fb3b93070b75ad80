#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "util/expected.hpp"

namespace tti::util {

// RFC 4648 base64 with the URL-safe alphabet, without padding.
std::string base64_url(std::span<const std::uint8_t> bytes);
Expected<std::vector<std::uint8_t>> parse_base64_url(std::string_view text);

// The same with the standard alphabet (+ and /). Reading rejects "=", passes over CR and LF, and does not
// mind trailing bits that are not zero.
std::string base64(std::string_view bytes);
Expected<std::string> parse_base64(std::string_view text);

}  // namespace tti::util
