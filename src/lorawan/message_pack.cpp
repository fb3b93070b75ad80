#include "lorawan/message_pack.hpp"

namespace tti::lorawan::message_pack {
namespace {

constexpr std::uint8_t nil = 0xC0;
constexpr std::uint8_t bool_false = 0xC2;
constexpr std::uint8_t bool_true = 0xC3;
constexpr std::uint8_t uint8 = 0xCC;
constexpr std::uint8_t uint64 = 0xCF;
constexpr std::uint8_t int8 = 0xD0;
constexpr std::uint8_t int64 = 0xD3;
constexpr std::uint8_t str8 = 0xD9;
constexpr std::uint8_t str32 = 0xDB;
constexpr std::uint8_t map16 = 0xDE;
constexpr std::uint8_t map32 = 0xDF;

void append_byte(std::string& to, std::uint64_t byte) {
    to += static_cast<char>(byte & 0xFFU);
}

void append_big_endian(std::string& to, std::uint64_t value, unsigned bytes) {
    for (unsigned byte = bytes; byte > 0; --byte) {
        append_byte(to, value >> (8 * (byte - 1)));
    }
}

}  // namespace

void append_map(std::string& to, std::size_t entries) {
    append_byte(to, 0x80U | entries);  // 15 at most
}

void append_text(std::string& to, std::string_view text) {
    if (text.size() < 32) {
        append_byte(to, 0xA0U | text.size());
    } else if (text.size() <= 0xFF) {
        append_byte(to, str8);
        append_big_endian(to, text.size(), 1);
    } else if (text.size() <= 0xFFFF) {
        append_byte(to, str8 + 1U);
        append_big_endian(to, text.size(), 2);
    } else {
        append_byte(to, str32);
        append_big_endian(to, text.size(), 4);
    }
    to += text;
}

void append_uint8(std::string& to, std::uint8_t value) {
    append_byte(to, uint8);
    append_byte(to, value);
}

void append_uint32(std::string& to, std::uint32_t value) {
    append_byte(to, uint8 + 2U);
    append_big_endian(to, value, 4);
}

void append_bool(std::string& to, bool value) {
    append_byte(to, value ? bool_true : bool_false);
}

std::optional<std::uint8_t> Reader::take() {
    if (rest_.empty()) return std::nullopt;
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
}

std::optional<std::uint64_t> Reader::take_number(std::size_t bytes) {
    std::uint64_t value = 0;
    for (; bytes > 0; --bytes) {
        const auto byte = take();
        if (!byte) return std::nullopt;
        value = (value << 8U) | *byte;
    }
    return value;
}

std::optional<std::string_view> Reader::take(std::optional<std::uint64_t> bytes) {
    if (!bytes || *bytes > rest_.size()) return std::nullopt;
    const std::string_view taken = rest_.substr(0, *bytes);
    rest_.remove_prefix(*bytes);
    return taken;
}

std::optional<std::size_t> Reader::map() {
    const auto form = take();
    if (!form) return std::nullopt;
    if (*form == nil) return 0;
    if ((*form & 0xF0U) == 0x80U) return *form & 0x0FU;
    if (*form == map16) return take_number(2);
    if (*form == map32) return take_number(4);
    return std::nullopt;
}

std::optional<std::string_view> Reader::text() {
    const auto form = take();
    if (!form) return std::nullopt;
    if ((*form & 0xE0U) == 0xA0U) return take(*form & 0x1FU);
    if (*form >= str8 && *form <= str32) return take(take_number(std::size_t{1} << (*form - str8)));
    if (*form == nil) return std::string_view();
    return std::nullopt;
}

std::optional<std::uint64_t> Reader::number() {
    const auto form = take();
    if (!form) return std::nullopt;
    if (*form < 0x80U) return *form;
    if (*form >= uint8 && *form <= uint64) return take_number(std::size_t{1} << (*form - uint8));
    if (*form < int8 || *form > int64) return std::nullopt;
    const unsigned bytes = 1U << (*form - int8);
    const auto value = take_number(bytes);
    const bool negative = value && (*value >> (8 * bytes - 1)) != 0;
    return negative ? std::nullopt : value;
}

std::optional<bool> Reader::boolean() {
    const auto form = take();
    if (form == bool_true) return true;
    if (form == bool_false) return false;
    return std::nullopt;
}

}  // namespace tti::lorawan::message_pack
