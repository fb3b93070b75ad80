#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "util/expected.hpp"

namespace tti::lorawan::message_pack {

// As much of MessagePack as the address hashes need. Source of the format: the MessagePack specification.
void append_map(std::string& to, std::size_t entries);
void append_text(std::string& to, std::string_view text);
void append_uint8(std::string& to, std::uint8_t value);    // always in two bytes
void append_uint32(std::string& to, std::uint32_t value);  // always in five bytes
void append_bool(std::string& to, bool value);

// Takes values from the front. Each reads every form that can hold the value; nothing where another type
// stands there, or the bytes end too early.
class Reader {
  public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    std::optional<std::size_t> map();  // how many pairs follow; a nil is a map without any
    std::optional<std::string_view> text();
    std::optional<std::uint64_t> number();  // not negative
    std::optional<bool> boolean();

  private:
    std::optional<std::uint8_t> take();
    std::optional<std::uint64_t> take_number(std::size_t bytes);  // big endian
    std::optional<std::string_view> take(std::optional<std::uint64_t> bytes);

    std::string_view rest_;
};

}  // namespace tti::lorawan::message_pack
