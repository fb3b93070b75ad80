#include "support/lorawan_records.hpp"

#include "lorawan/eui.hpp"
#include "lorawan/message.hpp"
#include "lorawan/wire.hpp"

namespace tti::test {
namespace {

std::string big_endian(std::uint64_t value, unsigned bytes) {
    std::string text;
    for (unsigned byte = bytes; byte > 0; --byte) {
        text += static_cast<char>((value >> (8 * (byte - 1))) & 0xFFU);
    }
    return text;
}

void add_unknown(Message& to) {
    to.number(900, 42).bytes(901, "hey").fixed32(902, 7);
}

Message timestamp(std::uint64_t seconds) {
    return Message().number(1, seconds).number(2, 123456789);
}

Message identifiers(const SampleDevice& device, bool with_euis = true) {
    Message ids;
    ids.bytes(1, device.device_id).message(2, Message().bytes(1, device.application_id));
    if (with_euis) ids.bytes(4, big_endian(device.dev_eui, 8)).bytes(5, big_endian(device.join_eui, 8));
    if (with_euis && device.dev_addr) ids.bytes(6, big_endian(*device.dev_addr, 4));
    if (device.unknown_fields) add_unknown(ids);
    return ids;
}

Message envelope(std::string_view key) {
    return Message().bytes(1, key);
}

// One relay rule for each served device, below RelaySettings or RelayParameters.
Message relay(const SampleDevice& device) {
    Message serving;
    for (const std::string& served : device.served_devices) {
        serving.message(4, Message().number(2, 3).bytes(3, served).bytes(4, device.session_key_id));
    }
    return Message().message(1, serving);
}

Message channel(std::uint64_t frequency) {
    return Message().number(1, frequency).number(2, frequency).number(4, 5).number(5, 1);
}

Message mac_parameters(const SampleDevice& device) {
    Message parameters;
    parameters.fixed32(1, 0x41800000).number(4, 5).number(6, 1).number(9, 5).number(12, 869525000);
    for (const std::uint64_t frequency : {868100000U, 868300000U, 868500000U, 867100000U}) {
        parameters.message(19, channel(frequency));
    }
    if (!device.served_devices.empty()) parameters.message(25, relay(device));
    if (device.unknown_fields) add_unknown(parameters);
    return parameters;
}

Message mac_state(const SampleDevice& device) {
    Message state;
    state.message(1, mac_parameters(device)).message(2, mac_parameters(device));
    state.number(4, device.mac_version).message(20, timestamp(1700000200));
    if (device.unknown_fields) add_unknown(state);
    return state;
}

Message mac_settings(const SampleDevice& device) {
    Message settings;
    settings.message(6, Message().number(1, 5));
    const auto flag = [&](std::uint32_t field, std::optional<bool> value) {
        if (value) settings.message(field, *value ? Message().number(1, 1) : Message());
    };
    flag(12, device.supports_32_bit_f_cnt);
    flag(15, device.resets_f_cnt);
    if (!device.served_devices.empty()) settings.message(36, relay(device));
    if (device.unknown_fields) add_unknown(settings);
    return settings;
}

// Of the Network Server, or of the Application Server, which knows one key and other counters.
Message session(const SampleDevice& device, std::uint32_t dev_addr, bool network) {
    Message keys;
    keys.bytes(1, device.session_key_id).message(network ? 2 : 5, envelope(device.key));
    if (device.unknown_fields) add_unknown(keys);
    Message session;
    session.bytes(2, big_endian(dev_addr, 4)).message(3, keys);
    if (device.unknown_fields) add_unknown(session);
    if (network && device.last_f_cnt_up > 0) session.number(4, device.last_f_cnt_up);
    if (!network) session.number(6, 7);
    if (device.started_at) session.message(8, timestamp(1600000000));
    return session;
}

void add_sessions(Message& to, const SampleDevice& device, bool network) {
    if (device.dev_addr) to.message(26, session(device, *device.dev_addr, network));
    if (device.pending_dev_addr) to.message(27, session(device, *device.pending_dev_addr, network));
}

void add_head(Message& to, const SampleDevice& device) {
    to.message(1, identifiers(device));
    to.message(2, timestamp(1600000000)).message(3, timestamp(1700000000));
}

}  // namespace

Message& Message::number(std::uint32_t field, std::uint64_t value) {
    lorawan::wire::append_scalar(binary_, field, value);
    return *this;
}

Message& Message::bytes(std::uint32_t field, std::string_view content) {
    lorawan::wire::append_bytes(binary_, field, content);
    return *this;
}

Message& Message::fixed32(std::uint32_t field, std::uint32_t value) {
    lorawan::wire::append_varint(binary_, (std::uint64_t{field} << 3U) | 5U);
    const std::string bytes = big_endian(value, 4);
    binary_.append(bytes.rbegin(), bytes.rend());
    return *this;
}

Message& Message::fixed64(std::uint32_t field, std::uint64_t value) {
    lorawan::wire::append_varint(binary_, (std::uint64_t{field} << 3U) | 1U);
    const std::string bytes = big_endian(value, 8);
    binary_.append(bytes.rbegin(), bytes.rend());
    return *this;
}

std::string Message::text() const {
    return lorawan::encode_message(binary_);
}

std::string SampleDevice::join_eui_text() const {
    return lorawan::text(lorawan::Eui64{join_eui});
}
std::string SampleDevice::dev_eui_text() const {
    return lorawan::text(lorawan::Eui64{dev_eui});
}
std::string SampleDevice::dev_addr_text() const {
    return lorawan::text(lorawan::DevAddr{dev_addr.value()});
}
std::string SampleDevice::pending_dev_addr_text() const {
    return lorawan::text(lorawan::DevAddr{pending_dev_addr.value()});
}

SampleDevice sample_device(std::size_t number, std::size_t per_application) {
    SampleDevice device;
    device.application_id = "app-" + std::to_string(number / per_application);
    device.device_id = "device-" + std::to_string(number);
    device.join_eui = 0x70B3D57ED0000000ULL;
    device.dev_eui = 0x0004A30B00000000ULL + number;
    device.dev_addr = static_cast<std::uint32_t>(0x26000000U + number);
    device.session_key_id = big_endian(0x018B000000000000ULL, 8) + big_endian(number, 8);
    device.key = big_endian(0x2B7E151628AED2A6ULL, 8) + big_endian(number, 8);
    device.last_f_cnt_up = static_cast<std::uint32_t>(number % 100000);
    return device;
}

Message network_server_record(const SampleDevice& device) {
    Message record;
    add_head(record, device);
    record.number(14, 1)
        .number(15, device.mac_version)
        .number(16, 6)
        .bytes(17, "EU_863_870_TTN")
        .number(20, 1);
    record.message(24, mac_settings(device));
    if (device.unknown_fields) add_unknown(record);
    if (device.dev_addr) record.message(25, mac_state(device));
    add_sessions(record, device, true);
    if (device.pending_dev_addr) record.message(44, mac_state(device));
    return record;
}

Message application_server_record(const SampleDevice& device) {
    Message record;
    add_head(record, device);
    if (device.unknown_fields) add_unknown(record);
    add_sessions(record, device, false);
    record.message(41, Message().number(1, 4).bytes(2, "function decodeUplink(input) { return {}; }"));
    return record;
}

Message join_server_record(const SampleDevice& device) {
    Message record;
    add_head(record, device);
    Message root_keys;
    root_keys.bytes(1, "root").message(2, envelope(device.key)).message(3, envelope(device.key));
    if (device.unknown_fields) add_unknown(root_keys);
    record.bytes(10, "as.example.com").message(22, root_keys).bytes(23, big_endian(0x13, 3)).number(28, 20);
    if (device.unknown_fields) add_unknown(record);
    return record;
}

Message session_keys(std::string_view session_key_id, std::string_view key) {
    Message keys;
    keys.bytes(1, session_key_id).message(2, envelope(key)).message(5, envelope(key));
    add_unknown(keys);
    return keys;
}

Message application_link() {
    Message link;
    link.message(3, Message().number(1, 4)).message(5, Message().number(1, 1));
    add_unknown(link);
    return link;
}

Message application_uplink_message(const SampleDevice& device) {
    Message uplink;
    uplink.bytes(1, device.session_key_id).number(2, 1).number(3, device.last_f_cnt_up);
    uplink.bytes(4, std::string("\x01\x02\x03", 3)).message(8, timestamp(1700000000));
    add_unknown(uplink);
    Message up;
    up.message(1, identifiers(device))
        .bytes(2, "as:up:01")
        .message(3, uplink)
        .message(12, timestamp(1700000001));
    add_unknown(up);
    return up;
}

Message webhook(std::string_view application_id, std::string_view webhook_id) {
    Message hook;
    hook.message(1, Message().message(1, Message().bytes(1, application_id)).bytes(2, webhook_id));
    hook.message(2, timestamp(1600000000)).bytes(4, "https://example.com/lorawan");
    hook.message(5, Message().bytes(1, "Authorization").bytes(2, "Bearer very-secret"));
    hook.bytes(6, "json").message(7, Message().bytes(1, "/up")).bytes(17, "NNSXS.secret-api-key");
    add_unknown(hook);
    return hook;
}

Message pubsub(std::string_view application_id, std::string_view pubsub_id) {
    Message sub;
    sub.message(1, Message().message(1, Message().bytes(1, application_id)).bytes(2, pubsub_id));
    sub.message(2, timestamp(1600000000)).bytes(4, "json").bytes(6, "topic");
    sub.message(17, Message().bytes(1, "nats://user:secret-password@nats.example.com"));
    add_unknown(sub);
    return sub;
}

Message package_association(const SampleDevice& device, std::uint32_t port) {
    Message association;
    association.message(1, Message().message(1, identifiers(device)).number(2, port));
    association.message(2, timestamp(1600000000)).bytes(4, "lora-cloud-geolocation-v3");
    add_unknown(association);
    return association;
}

Message package_default_association(std::string_view application_id, std::uint32_t port) {
    Message association;
    association.message(1, Message().message(1, Message().bytes(1, application_id)).number(2, port));
    association.message(2, timestamp(1600000000)).bytes(4, "alcsync-v1");
    add_unknown(association);
    return association;
}

Message activation_settings() {
    Message settings;
    settings.bytes(1, "kek").message(2, envelope(std::string(16, '\x11'))).bytes(3, big_endian(0x13, 3));
    settings.bytes(4, "as.example.com");
    add_unknown(settings);
    return settings;
}

}  // namespace tti::test
