#include "util/base64.hpp"

namespace tti::util {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

std::string base64_url(std::span<const std::uint8_t> bytes) {
    std::string text;
    text.reserve((bytes.size() * 8 + 5) / 6);
    std::uint32_t pending = 0;
    int bits = 0;
    for (const std::uint8_t byte : bytes) {
        pending = (pending << 8U) | byte;
        for (bits += 8; bits >= 6; bits -= 6) {
            text += alphabet[(pending >> static_cast<unsigned>(bits - 6)) & 63U];
        }
    }
    if (bits > 0) {
        text += alphabet[(pending << static_cast<unsigned>(6 - bits)) & 63U];
    }
    return text;
}

Expected<std::vector<std::uint8_t>> parse_base64_url(std::string_view text) {
    std::vector<std::uint8_t> bytes;
    bytes.reserve(text.size() * 6 / 8);
    std::uint32_t pending = 0;
    int bits = 0;
    for (const char character : text) {
        const std::size_t value = alphabet.find(character);
        if (value == std::string_view::npos) {
            return unexpected("accepted: letters, digits, - and _");
        }
        pending = (pending << 6U) | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<std::uint8_t>((pending >> static_cast<unsigned>(bits)) & 255U));
        }
    }
    if (bits == 6) {
        return unexpected("the last character is left over");
    }
    return bytes;
}

}  // namespace tti::util
