#pragma once

#include <string>
#include <string_view>

namespace tti::lorawan {

// Vectors are written as hex, in lower case.
inline std::string bytes_of(std::string_view hex) {
    const auto digit = [](char character) {
        return character <= '9' ? character - '0' : character - 'a' + 10;
    };
    std::string bytes;
    for (std::size_t index = 0; index + 1 < hex.size(); index += 2) {
        bytes += static_cast<char>(digit(hex[index]) * 16 + digit(hex[index + 1]));
    }
    return bytes;
}

inline std::string hex_of(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const char byte : bytes) {
        hex += digits[static_cast<unsigned char>(byte) >> 4U];
        hex += digits[static_cast<unsigned char>(byte) & 15U];
    }
    return hex;
}

}  // namespace tti::lorawan
