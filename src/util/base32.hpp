#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace tti::util {

// RFC 4648 base32, upper case, without padding.
std::string base32(std::span<const std::uint8_t> bytes);

}  // namespace tti::util
