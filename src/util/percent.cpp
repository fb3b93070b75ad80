#include "util/percent.hpp"

#include <charconv>

#include <fmt/format.h>

namespace tti::util {
namespace {

constexpr std::size_t code_length = 3;

}  // namespace

std::string percent_encoded(std::string_view text, std::string_view kept) {
    constexpr std::string_view unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string encoded;
    for (const char letter : text) {
        const bool plain =
            unreserved.find(letter) != std::string_view::npos || kept.find(letter) != std::string_view::npos;
        if (plain) {
            encoded += letter;
        } else {
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
        }
    }
    return encoded;
}

std::optional<unsigned char> leading_percent_code(std::string_view text) {
    constexpr int hexadecimal = 16;
    if (text.size() < code_length || text.front() != '%') return std::nullopt;
    const auto digits = text.substr(1, code_length - 1);
    unsigned char byte = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), byte, hexadecimal);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return byte;
}

std::string percent_decoded(std::string_view text) {
    std::string decoded;
    while (!text.empty()) {
        const auto code = leading_percent_code(text);
        decoded += code ? static_cast<char>(*code) : text.front();
        text.remove_prefix(code ? code_length : 1);
    }
    return decoded;
}

}  // namespace tti::util
