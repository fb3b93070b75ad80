#include "lorawan/end_device.hpp"

#include <algorithm>
#include <limits>

#include "lorawan/message.hpp"
#include "lorawan/wire.hpp"

namespace tti::lorawan {
namespace {

using wire::Field;
using Done = Expected<void>;

// Calls `each` with every field of a message. A message that comes in several pieces is merged by reading
// them into the same place.
template <typename Each>
Done for_each_field(std::string_view message, std::string_view path, Each each) {
    wire::Reader reader(message);
    for (Field field; reader.read(field);) {
        if (Done done = each(field); !done) return done;
    }
    if (reader.error().empty()) return {};
    return unexpected(std::string(path) + ": " + std::string(reader.error()));
}

bool is_bytes(const Field& field, std::uint32_t number) {
    return field.number == number && field.type == wire::Type::length;
}
bool is_varint(const Field& field, std::uint32_t number) {
    return field.number == number && field.type == wire::Type::varint;
}

// Bytes of a fixed size, where none at all is the same as nothing.
template <typename Value>
Done assign(std::optional<Value>& to, const Field& field, Expected<Value> (*parse)(std::string_view),
            std::string_view path) {
    to.reset();
    if (field.content.empty()) return {};
    const Expected<Value> value = parse(field.content);
    if (!value) return unexpected(std::string(path) + ": " + value.error());
    to = *value;
    return {};
}

Done read_key(std::string_view message, std::string_view path, KeyEnvelope& key) {
    return for_each_field(message, path, [&](const Field& field) -> Done {
        if (is_bytes(field, 1)) key.key = field.content;
        if (is_bytes(field, 2)) key.kek_label = field.content;
        if (is_bytes(field, 3)) key.encrypted_key = field.content;
        return {};
    });
}

Done read_keys(std::string_view message, std::string_view path, EndDevice::Session& session) {
    return for_each_field(message, path, [&](const Field& field) -> Done {
        if (is_bytes(field, 1)) session.session_key_id = field.content;
        if (is_bytes(field, 2)) return read_key(field.content, path, session.f_nwk_s_int_key);
        return {};
    });
}

Done read_session(std::string_view message, std::string_view path, std::optional<EndDevice::Session>& to) {
    if (!to) to = EndDevice::Session();
    return for_each_field(message, path, [&](const Field& field) -> Done {
        if (is_bytes(field, 2)) return assign(to->dev_addr, field, dev_addr_from_bytes, path);
        if (is_bytes(field, 3)) return read_keys(field.content, path, *to);
        if (is_varint(field, 4)) to->last_f_cnt_up = static_cast<std::uint32_t>(field.scalar);
        if (is_bytes(field, 8)) to->has_started_at = true;
        return {};
    });
}

// A RelaySettings or RelayParameters message; the fields that matter have the same numbers in both.
Done read_relay(std::string_view message, std::string_view path, std::vector<std::string>& served) {
    const auto read_rule = [&](const Field& field) -> Done {
        if (is_bytes(field, 3) && !field.content.empty()) served.emplace_back(field.content);
        return {};
    };
    const auto read_serving = [&](const Field& field) -> Done {
        return is_bytes(field, 4) ? for_each_field(field.content, path, read_rule) : Done();
    };
    return for_each_field(message, path, [&](const Field& field) -> Done {
        return is_bytes(field, 1) ? for_each_field(field.content, path, read_serving) : Done();
    });
}

Done read_mac_state(std::string_view message, std::string_view path, std::optional<std::uint8_t>& version,
                    std::vector<std::string>& served) {
    if (!version) version = std::uint8_t{0};
    return for_each_field(message, path, [&](const Field& field) -> Done {
        if (is_varint(field, 4)) {
            if (field.scalar > std::numeric_limits<std::uint8_t>::max()) {
                return unexpected(std::string(path) + ": an impossible LoRaWAN version");
            }
            version = static_cast<std::uint8_t>(field.scalar);
        }
        if (!is_bytes(field, 1) && !is_bytes(field, 2)) return {};
        return for_each_field(field.content, path, [&](const Field& parameter) -> Done {
            return is_bytes(parameter, 25) ? read_relay(parameter.content, path, served) : Done();
        });
    });
}

// A BoolValue.
Done read_flag(std::string_view message, std::string_view path, std::optional<bool>& flag) {
    if (!flag) flag = false;
    return for_each_field(message, path, [&](const Field& field) -> Done {
        if (is_varint(field, 1)) flag = field.scalar != 0;
        return {};
    });
}

Done read_mac_settings(std::string_view message, EndDevice& device) {
    constexpr std::string_view path = "mac_settings";
    return for_each_field(message, path, [&](const Field& field) -> Done {
        if (is_bytes(field, 12)) return read_flag(field.content, path, device.supports_32_bit_f_cnt);
        if (is_bytes(field, 15)) return read_flag(field.content, path, device.resets_f_cnt);
        if (is_bytes(field, 36) || is_bytes(field, 37)) {
            return read_relay(field.content, path, device.served_devices);
        }
        return {};
    });
}

Done read_identifiers(std::string_view message, EndDevice& device) {
    constexpr std::string_view path = "ids";
    return for_each_field(message, path, [&](const Field& field) -> Done {
        if (is_bytes(field, 1)) device.uid.device_id = field.content;
        if (is_bytes(field, 2)) {
            return for_each_field(field.content, path, [&](const Field& application) -> Done {
                if (is_bytes(application, 1)) device.uid.application_id = application.content;
                return {};
            });
        }
        if (is_bytes(field, 4)) return assign(device.dev_eui, field, eui64_from_bytes, "ids.dev_eui");
        if (is_bytes(field, 5)) return assign(device.join_eui, field, eui64_from_bytes, "ids.join_eui");
        return {};
    });
}

// An entry of a Struct: the key is field 1, the value field 2, in which a text is field 3.
Done read_provisioning_entry(std::string_view message, EndDevice& device) {
    constexpr std::string_view path = "provisioning_data";
    std::string_view name;
    std::string_view text;
    Done done = for_each_field(message, path, [&](const Field& field) -> Done {
        if (is_bytes(field, 1)) name = field.content;
        if (!is_bytes(field, 2)) return {};
        return for_each_field(field.content, path, [&](const Field& value) -> Done {
            if (is_bytes(value, 3)) text = value.content;
            return {};
        });
    });
    if (done && name == "uniqueId") device.provisioning_unique_id = text;
    return done;
}

Done read_field(const Field& field, EndDevice& device) {
    if (field.type != wire::Type::length) return {};
    switch (field.number) {
        case 1:
            return read_identifiers(field.content, device);
        case 24:
            return read_mac_settings(field.content, device);
        case 25:
            return read_mac_state(field.content, "mac_state", device.mac_version, device.served_devices);
        case 26:
            return read_session(field.content, "session", device.session);
        case 27:
            return read_session(field.content, "pending_session", device.pending_session);
        case 42:
            device.provisioner_id = field.content;
            return {};
        case 43:
            return for_each_field(field.content, "provisioning_data", [&](const Field& entry) -> Done {
                return is_bytes(entry, 1) ? read_provisioning_entry(entry.content, device) : Done();
            });
        case 44:
            return read_mac_state(field.content, "pending_mac_state", device.pending_mac_version,
                                  device.served_devices);
        default:
            return {};
    }
}

AddressEntry current_entry(const EndDevice& device) {
    const EndDevice::Session& session = *device.session;
    const AddressFields fields{session.f_nwk_s_int_key, *device.mac_version, session.last_f_cnt_up,
                               device.resets_f_cnt, device.supports_32_bit_f_cnt};
    return {*session.dev_addr, false, static_cast<double>(session.last_f_cnt_up & 0xFFFFU), encode(fields)};
}

AddressEntry pending_entry(const EndDevice& device) {
    const EndDevice::Session& session = *device.pending_session;
    const AddressFields fields{session.f_nwk_s_int_key, *device.pending_mac_version, 0, {}, {}};
    return {*session.dev_addr, true, 0, encode(fields)};
}

}  // namespace

Expected<EndDevice> read_end_device(std::string_view message) {
    EndDevice device;
    const Done done =
        for_each_field(message, "end device", [&](const Field& field) { return read_field(field, device); });
    if (!done) return unexpected(done.error());
    auto& served = device.served_devices;
    std::ranges::sort(served);
    served.erase(std::unique(served.begin(), served.end()), served.end());
    return device;
}

Expected<EndDevice> read_end_device_text(std::string_view text) {
    const auto message = decode_message(text);
    if (!message) return unexpected(message.error());
    return read_end_device(*message);
}

std::vector<AddressEntry> address_entries(const EndDevice& device) {
    std::vector<AddressEntry> entries;
    if (device.session && device.session->dev_addr && device.mac_version) {
        entries.push_back(current_entry(device));
    }
    if (device.pending_session && device.pending_session->dev_addr && device.pending_mac_version) {
        entries.push_back(pending_entry(device));
    }
    return entries;
}

}  // namespace tti::lorawan
