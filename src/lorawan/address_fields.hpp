#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "util/expected.hpp"

namespace tti::lorawan {

struct KeyEnvelope {
    std::string key;  // 16 bytes, or empty
    std::string kek_label;
    std::string encrypted_key;
    bool operator==(const KeyEnvelope&) const = default;
};

// What the Network Server keeps of a device in the hash beside an address, so that it can match an uplink
// without reading the record. MessagePack, one map, keys in a fixed order (f_nwk_s_int_key, lorawan_version,
// last_f_cnt, resets_f_cnt, supports_32_bit_f_cnt).
struct AddressFields {
    KeyEnvelope f_nwk_s_int_key;
    std::uint8_t lorawan_version = 0;  // MACVersion
    // Of a current session alone; a pending one has none of them.
    std::uint32_t last_f_cnt = 0;
    std::optional<bool> resets_f_cnt;
    std::optional<bool> supports_32_bit_f_cnt;
    bool operator==(const AddressFields&) const = default;
};

// A pending session's fields must have the last three empty.
std::string encode(const AddressFields& fields);
// As strict as the stack: more than `most` keys (5 current, 2 pending) or an unknown one is an error.
Expected<AddressFields> decode_current(std::string_view bytes);
Expected<AddressFields> decode_pending(std::string_view bytes);

}  // namespace tti::lorawan
