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

}  // namespace tti::util
