#include "util/base32.hpp"

#include <string_view>

namespace tti::util {

std::string base32(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string text;
    text.reserve((bytes.size() * 8 + 4) / 5);
    std::uint32_t pending = 0;
    int bits = 0;
    for (const std::uint8_t byte : bytes) {
        pending = (pending << 8U) | byte;
        for (bits += 8; bits >= 5; bits -= 5) {
            text += alphabet[(pending >> static_cast<unsigned>(bits - 5)) & 31U];
        }
    }
    if (bits > 0) {
        text += alphabet[(pending << static_cast<unsigned>(5 - bits)) & 31U];
    }
    return text;
}

}  // namespace tti::util
