#include "util/base64.hpp"

#include <array>
#include <cstddef>

namespace tti::util {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view standard_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// What a character stands for; these two have the high bits set, so that four can be looked at together.
constexpr std::uint8_t no_digit = 0x80;
constexpr std::uint8_t line_end = 0x40;
constexpr std::array<std::uint8_t, 256> standard_values = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_digit);
    for (std::size_t value = 0; value < standard_alphabet.size(); ++value) {
        values.at(static_cast<std::uint8_t>(standard_alphabet[value])) = static_cast<std::uint8_t>(value);
    }
    values.at('\r') = line_end;
    values.at('\n') = line_end;
    return values;
}();

std::uint32_t standard_value(char character) {
    return standard_values[static_cast<std::uint8_t>(character)];
}

// Decodes whole groups of four characters; returns how many were read when something else stands in the way.
std::size_t parse_groups(std::string_view text, char*& out) {
    std::size_t position = 0;
    for (; position + 4 <= text.size(); position += 4) {
        const std::uint32_t first = standard_value(text[position]);
        const std::uint32_t second = standard_value(text[position + 1]);
        const std::uint32_t third = standard_value(text[position + 2]);
        const std::uint32_t fourth = standard_value(text[position + 3]);
        if (((first | second | third | fourth) & (no_digit | line_end)) != 0) break;
        *out++ = static_cast<char>((first << 2U) | (second >> 4U));
        *out++ = static_cast<char>((second << 4U) | (third >> 2U));
        *out++ = static_cast<char>((third << 6U) | fourth);
    }
    return position;
}

// Any characters, one by one. Nothing where one is not of the alphabet, or one is left over.
bool parse_singly(std::string_view text, char*& out) {
    std::uint32_t pending = 0;
    unsigned bits = 0;
    for (const char character : text) {
        const std::uint32_t value = standard_value(character);
        if (value == line_end) continue;
        if (value == no_digit) return false;
        pending = (pending << 6U) | value;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            *out++ = static_cast<char>(pending >> bits);
        }
    }
    return bits != 6;
}

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

std::string base64(std::string_view bytes) {
    const auto byte = [&](std::size_t position) -> std::uint32_t {
        return position < bytes.size() ? static_cast<std::uint8_t>(bytes[position]) : 0U;
    };
    std::string text(bytes.size() / 3 * 4 + 4, '\0');
    char* out = text.data();
    for (std::size_t position = 0; position < bytes.size(); position += 3) {
        const std::uint32_t group = (byte(position) << 16U) | (byte(position + 1) << 8U) | byte(position + 2);
        *out++ = standard_alphabet[group >> 18U];
        *out++ = standard_alphabet[(group >> 12U) & 63U];
        *out++ = standard_alphabet[(group >> 6U) & 63U];
        *out++ = standard_alphabet[group & 63U];
    }
    text.resize((bytes.size() * 8 + 5) / 6);
    return text;
}

Expected<std::string> parse_base64(std::string_view text) {
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    char* out = bytes.data();
    const std::size_t read = parse_groups(text, out);
    if (!parse_singly(text.substr(read), out)) {
        return unexpected("not base64 without padding");
    }
    bytes.resize(static_cast<std::size_t>(out - bytes.data()));
    return bytes;
}

}  // namespace tti::util
