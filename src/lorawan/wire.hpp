#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "util/expected.hpp"

namespace tti::lorawan::wire {

// Protocol buffers as they lie in memory. Nothing is decoded that is not asked for, so whatever is not known
// stays byte for byte. Source of the format: Protocol Buffers, "Encoding".
enum class Type : std::uint8_t {
    varint = 0,
    fixed64 = 1,
    length = 2,
    group_start = 3,
    group_end = 4,
    fixed32 = 5
};

struct Field {
    std::uint32_t number = 0;
    Type type = Type::varint;
    std::string_view whole;    // tag, length and content
    std::string_view content;  // of a length-delimited field (and of a group, without its end tag)
    std::uint64_t scalar = 0;  // of the others
};

// Walks the top-level fields of a message, which must outlive it. A group is one field.
class Reader {
  public:
    explicit Reader(std::string_view message) : rest_(message) {}
    // The next field; nothing at the end. After an error it has no more to say.
    Expected<std::optional<Field>> next();
    // The same without allocations, for hot loops: false at the end, and at an error, which error() tells.
    bool read(Field& field);
    [[nodiscard]] std::string_view error() const { return error_; }  // empty where there was none

  private:
    std::string_view rest_;
    std::string_view error_;
};

// Takes a varint from the front; nothing where it is malformed.
std::optional<std::uint64_t> take_varint(std::string_view& from);

void append_varint(std::string& to, std::uint64_t value);
void append_scalar(std::string& to, std::uint32_t number, std::uint64_t value);      // varint field
void append_bytes(std::string& to, std::uint32_t number, std::string_view content);  // length-delimited field

// The message without field 8 (started_at) of every session (26) and pending session (27), byte for byte the
// same otherwise; a session that loses its last field stays as an empty one. Nothing where there was none to
// remove. An error where a message that had to be looked into is malformed.
Expected<std::optional<std::string>> without_started_at(std::string_view end_device);

}  // namespace tti::lorawan::wire
