#include "join_server/session_key_id.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "util/base64.hpp"

namespace tti::join_server {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_digit = 0xFF;
constexpr std::array<std::uint8_t, 256> values = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(no_digit);
    for (std::size_t value = 0; value < alphabet.size(); ++value) {
        table.at(static_cast<std::uint8_t>(alphabet[value])) = static_cast<std::uint8_t>(value);
    }
    return table;
}();

std::uint8_t value_of(char character) {
    return values[static_cast<std::uint8_t>(character)];
}

constexpr std::size_t ulid_bytes = 16;
constexpr std::size_t ulid_time_bytes = 6;

}  // namespace

std::optional<std::string> fault_of_session_key_id(std::string_view text) {
    const bool is_base64 =
        std::ranges::none_of(text, [](char character) { return value_of(character) == no_digit; });
    if (text.size() > longest_session_key_id) return "the session key ID is longer than any of the stack";
    if (text.empty() || !is_base64 || text.size() % 4 == 1) return "the session key ID is not base64";
    const std::uint8_t left_over = text.size() % 4 == 2 ? 0x0F : text.size() % 4 == 3 ? 0x03 : 0;
    if ((value_of(text.back()) & left_over) != 0) return "the session key ID is not as the stack writes it";
    return std::nullopt;
}

bool is_older(std::string_view a, std::string_view b) {
    const auto differ = std::ranges::mismatch(a, b);
    if (differ.in2 == b.end()) return false;
    return differ.in1 == a.end() || value_of(*differ.in1) < value_of(*differ.in2);
}

std::optional<std::chrono::sys_time<std::chrono::milliseconds>> time_of_session_key_id(
    std::string_view text) {
    const auto bytes = util::parse_base64(text);
    if (!bytes || bytes->size() != ulid_bytes) return std::nullopt;
    std::int64_t time = 0;
    for (const char byte : bytes->substr(0, ulid_time_bytes)) {
        time = (time << 8) | static_cast<std::uint8_t>(byte);
    }
    return std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(time));
}

}  // namespace tti::join_server
