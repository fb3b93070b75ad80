#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "util/expected.hpp"

namespace tti::lorawan {

// A DevEUI, JoinEUI or gateway EUI.
struct Eui64 {
    std::uint64_t value = 0;
    auto operator<=>(const Eui64&) const = default;
};
// 16 upper-case hex digits, as in the stack's keys.
std::string text(Eui64 eui);
// 16 hex digits of either case, nothing else.
Expected<Eui64> parse_eui64(std::string_view text);
// 8 bytes, big endian, as in the stack's messages.
Expected<Eui64> eui64_from_bytes(std::string_view bytes);

struct DevAddr {
    std::uint32_t value = 0;
    auto operator<=>(const DevAddr&) const = default;
};
// 8 upper-case hex digits.
std::string text(DevAddr address);
Expected<DevAddr> parse_dev_addr(std::string_view text);
Expected<DevAddr> dev_addr_from_bytes(std::string_view bytes);  // 4 bytes, big endian

}  // namespace tti::lorawan
