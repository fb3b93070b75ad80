#include "lorawan/eui.hpp"

#include <algorithm>
#include <optional>

namespace tti::lorawan {
namespace {

template <typename Value>
std::string upper_hex(Value value) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text(sizeof(Value) * 2, '0');
    for (auto left = text.size(); left > 0; --left) {
        text[left - 1] = digits[static_cast<std::size_t>(value & 15U)];
        value >>= 4U;
    }
    return text;
}

std::optional<unsigned> digit(char character) {
    if (character >= '0' && character <= '9') return static_cast<unsigned>(character - '0');
    if (character >= 'A' && character <= 'F') return static_cast<unsigned>(character - 'A') + 10U;
    if (character >= 'a' && character <= 'f') return static_cast<unsigned>(character - 'a') + 10U;
    return std::nullopt;
}

template <typename Value>
std::optional<Value> from_hex(std::string_view text) {
    if (text.size() != sizeof(Value) * 2) return std::nullopt;
    Value value = 0;
    for (const char character : text) {
        const auto four_bits = digit(character);
        if (!four_bits) return std::nullopt;
        value = static_cast<Value>((value << 4U) | *four_bits);
    }
    return value;
}

template <typename Value>
std::optional<Value> from_bytes(std::string_view bytes) {
    if (bytes.size() != sizeof(Value)) return std::nullopt;
    Value value = 0;
    for (const char byte : bytes) {
        value = static_cast<Value>((value << 8U) | static_cast<std::uint8_t>(byte));
    }
    return value;
}

}  // namespace

std::string text(Eui64 eui) {
    return upper_hex(eui.value);
}

Expected<Eui64> parse_eui64(std::string_view text) {
    const auto value = from_hex<std::uint64_t>(text);
    if (!value) return unexpected("an EUI is written as 16 hexadecimal digits");
    return Eui64{*value};
}

Expected<Eui64> eui64_from_bytes(std::string_view bytes) {
    const auto value = from_bytes<std::uint64_t>(bytes);
    if (!value) return unexpected("an EUI has 8 bytes, not " + std::to_string(bytes.size()));
    return Eui64{*value};
}

std::string text(DevAddr address) {
    return upper_hex(address.value);
}

Expected<DevAddr> parse_dev_addr(std::string_view text) {
    const auto value = from_hex<std::uint32_t>(text);
    if (!value) return unexpected("a DevAddr is written as 8 hexadecimal digits");
    return DevAddr{*value};
}

Expected<DevAddr> dev_addr_from_bytes(std::string_view bytes) {
    const auto value = from_bytes<std::uint32_t>(bytes);
    if (!value) return unexpected("a DevAddr has 4 bytes, not " + std::to_string(bytes.size()));
    return DevAddr{*value};
}

}  // namespace tti::lorawan
