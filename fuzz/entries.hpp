#pragma once

#include <array>
#include <string_view>

namespace tti::fuzz {

// Each takes bytes of any kind, does with them what the program does with bytes from a server, and throws
// std::logic_error where the outcome breaks a promise.
void wire_patcher(std::string_view input);
void address_fields(std::string_view input);
void protocol_reader(std::string_view input);
void messages(std::string_view input);  // the first byte is the kind
void keys(std::string_view input);

struct Entry {
    std::string_view name;  // of its folder below fuzz/corpus, too
    void (*run)(std::string_view input);
};
inline constexpr std::array entries{
    Entry{"wire_patcher", wire_patcher}, Entry{"address_fields", address_fields},
    Entry{"protocol_reader", protocol_reader}, Entry{"messages", messages}, Entry{"keys", keys}};

}  // namespace tti::fuzz
