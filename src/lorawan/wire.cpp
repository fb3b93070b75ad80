#include "lorawan/wire.hpp"

namespace tti::lorawan::wire {
namespace {

constexpr std::uint32_t highest_number = (1U << 29U) - 1;
constexpr int deepest_group = 100;

// What is wrong with a message; empty where nothing is.
using Fault = std::string_view;
constexpr Fault none;
constexpr Fault ends_early = "the message ends in the middle of a field";

bool read_varint(std::string_view& from, std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && !from.empty(); shift += 7) {
        const auto byte = static_cast<std::uint8_t>(from.front());
        from.remove_prefix(1);
        if (shift == 63 && byte > 1) return false;
        value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
        if (byte < 0x80U) return true;
    }
    return false;
}

std::uint64_t little_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (auto left = bytes.size(); left > 0; --left) {
        value = (value << 8U) | static_cast<std::uint8_t>(bytes[left - 1]);
    }
    return value;
}

Fault read_field(std::string_view& rest, Field& field, int depth);

// The fields of a group up to its end tag.
Fault read_group(std::string_view& rest, Field& group, int depth) {
    if (depth > deepest_group) return "the message has groups nested too deeply";
    const std::string_view from = rest;
    while (!rest.empty()) {
        const std::size_t read = from.size() - rest.size();
        Field field;
        if (const Fault fault = read_field(rest, field, depth + 1); !fault.empty()) return fault;
        if (field.type != Type::group_end) continue;
        if (field.number != group.number) return "the message has a group that ends as another";
        group.content = from.substr(0, read);
        return none;
    }
    return ends_early;
}

Fault read_fixed(std::string_view& rest, Field& field, std::size_t size) {
    if (rest.size() < size) return ends_early;
    field.scalar = little_endian(rest.substr(0, size));
    rest.remove_prefix(size);
    return none;
}

Fault read_length_delimited(std::string_view& rest, Field& field) {
    std::uint64_t length = 0;
    if (!read_varint(rest, length)) return "the message has a malformed length";
    if (length > rest.size()) return ends_early;
    field.content = rest.substr(0, length);
    rest.remove_prefix(length);
    return none;
}

Fault read_value(std::string_view& rest, Field& field, int depth) {
    switch (field.type) {
        case Type::varint:
            return read_varint(rest, field.scalar) ? none : "the message has a malformed varint";
        case Type::fixed64:
            return read_fixed(rest, field, 8);
        case Type::length:
            return read_length_delimited(rest, field);
        case Type::group_start:
            return read_group(rest, field, depth);
        case Type::group_end:
            return none;
        case Type::fixed32:
            return read_fixed(rest, field, 4);
    }
    return "the message has a field of a type that does not exist";
}

Fault read_field(std::string_view& rest, Field& field, int depth) {
    const std::string_view from = rest;
    std::uint64_t tag = 0;
    if (!read_varint(rest, tag)) return "the message has a malformed tag";
    const std::uint64_t number = tag >> 3U;
    if (number == 0 || number > highest_number) return "the message has a field with an impossible number";
    field.number = static_cast<std::uint32_t>(number);
    field.type = static_cast<Type>(tag & 7U);
    field.content = {};
    field.scalar = 0;
    const Fault fault = read_value(rest, field, depth);
    field.whole = from.substr(0, from.size() - rest.size());
    return fault;
}

}  // namespace

bool Reader::read(Field& field) {
    if (rest_.empty()) return false;
    error_ = read_field(rest_, field, 0);
    if (error_.empty() && field.type == Type::group_end) error_ = "the message ends a group that never began";
    if (error_.empty()) return true;
    rest_ = {};
    return false;
}

Expected<std::optional<Field>> Reader::next() {
    Field field;
    error_ = {};
    if (read(field)) return std::optional<Field>(field);
    if (!error_.empty()) return unexpected(std::string(error_));
    return std::optional<Field>();
}

std::optional<std::uint64_t> take_varint(std::string_view& from) {
    std::uint64_t value = 0;
    return read_varint(from, value) ? std::optional(value) : std::nullopt;
}

void append_varint(std::string& to, std::uint64_t value) {
    for (; value >= 0x80U; value >>= 7U) {
        to += static_cast<char>(0x80U | (value & 0x7FU));
    }
    to += static_cast<char>(value);
}

void append_scalar(std::string& to, std::uint32_t number, std::uint64_t value) {
    append_varint(to, std::uint64_t{number} << 3U);
    append_varint(to, value);
}

void append_bytes(std::string& to, std::uint32_t number, std::string_view content) {
    append_varint(to, (std::uint64_t{number} << 3U) | static_cast<std::uint64_t>(Type::length));
    append_varint(to, content.size());
    to += content;
}

}  // namespace tti::lorawan::wire
