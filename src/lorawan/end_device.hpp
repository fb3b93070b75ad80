#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lorawan/address_fields.hpp"
#include "lorawan/eui.hpp"
#include "lorawan/identifiers.hpp"
#include "util/expected.hpp"

namespace tti::lorawan {

// What the indexes of the servers need of an EndDevice message. A field that occurs more than once is merged
// as protobuf says.
struct EndDevice {
    struct Session {
        std::optional<DevAddr> dev_addr;
        KeyEnvelope f_nwk_s_int_key;
        std::uint32_t last_f_cnt_up = 0;
        std::string session_key_id;  // bytes
        bool has_started_at = false;
    };
    DeviceUid uid;
    std::optional<Eui64> join_eui;
    std::optional<Eui64> dev_eui;
    std::optional<Session> session;
    std::optional<Session> pending_session;
    std::optional<std::uint8_t> mac_version;          // mac_state.lorawan_version; 0 where the state has none
    std::optional<std::uint8_t> pending_mac_version;  // pending_mac_state.lorawan_version
    std::optional<bool> resets_f_cnt;
    std::optional<bool> supports_32_bit_f_cnt;
    std::vector<std::string>
        served_devices;  // device IDs of the relay forwarding rules (six places), sorted, once each
    std::string provisioner_id;
    std::string provisioning_unique_id;  // provisioning_data.uniqueId, as it stands
};
// `message` is binary. The error names what is malformed.
Expected<EndDevice> read_end_device(std::string_view message);
// The same of the text form that the keys hold.
Expected<EndDevice> read_end_device_text(std::string_view text);

// An address index entry of a Network Server record, as the stack keeps it: a member of a sorted set and its
// hash field.
struct AddressEntry {
    DevAddr address;
    bool pending = false;
    double score = 0;    // current: last_f_cnt_up & 0xFFFF; pending: not derivable, 0
    std::string fields;  // MessagePack
};
// At most one current and one pending. None where the session has no address or there is no MAC state.
std::vector<AddressEntry> address_entries(const EndDevice& device);

}  // namespace tti::lorawan
