#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tti::util {

// From the operating system's cryptographic source, by way of OpenSSL. Throws Error where there is none.
std::vector<std::uint8_t> random_bytes(std::size_t count);

}  // namespace tti::util
