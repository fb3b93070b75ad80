#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tti::util {

// SipHash-2-4 (Aumasson and Bernstein): 64 bits of which nobody can make two texts share, who does not know
// the key.
using SipHashKey = std::array<std::uint64_t, 2>;
std::uint64_t siphash(const SipHashKey& key, std::string_view text);
SipHashKey random_siphash_key();

}  // namespace tti::util
