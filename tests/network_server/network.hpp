#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lorawan/end_device.hpp"
#include "lorawan/keys.hpp"
#include "lorawan/message.hpp"
#include "lorawan/wire.hpp"
#include "support/redis_database.hpp"

namespace tti::network_server::test {

using tti::test::Outcome;
using tti::test::RedisDatabase;

inline constexpr const char* below = "ttn:v3:ns:application-uplinks:";  // of streams before 3.28

// A device as the Network Server records it, as far as its indexes are concerned.
struct Device {
    std::string uid = "app1.dev1";
    std::optional<std::uint64_t> dev_eui;
    std::optional<std::uint32_t> address;
    std::optional<std::uint32_t> pending_address;
    std::uint32_t frames = 0;
    std::string key = std::string(16, '\x2a');
    std::vector<std::string> serves;  // device IDs of relay forwarding rules
    std::string name;                 // to tell two records apart

    [[nodiscard]] std::string application() const { return uid.substr(0, uid.find('.')); }
    [[nodiscard]] std::string device() const { return uid.substr(uid.find('.') + 1); }
};

inline std::string big_endian(std::uint64_t value, int bytes) {
    std::string text;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        text += static_cast<char>(static_cast<unsigned char>(value >> static_cast<unsigned>(shift)));
    }
    return text;
}

inline std::string message(std::uint32_t number, std::string_view content) {
    std::string field;
    lorawan::wire::append_bytes(field, number, content);
    return field;
}

inline std::string session(const Device& device, std::uint32_t address) {
    std::string frames;
    lorawan::wire::append_scalar(frames, 4, device.frames);
    return message(2, big_endian(address, 4)) + message(3, message(2, message(1, device.key))) +
           (device.frames == 0 ? "" : frames);
}

inline std::string record_of(const Device& device) {
    std::string ids = message(1, device.device()) + message(2, message(1, device.application()));
    if (device.dev_eui) ids += message(4, big_endian(*device.dev_eui, 8)) + message(5, big_endian(1, 8));
    std::string rules;
    for (const auto& served : device.serves) rules += message(4, message(3, served));
    std::string state;
    lorawan::wire::append_scalar(state, 4, 5);
    std::string record = message(1, ids);
    if (!device.name.empty()) record += message(4, device.name);
    if (!rules.empty()) record += message(24, message(36, message(1, rules)));
    if (device.address) record += message(25, state) + message(26, session(device, *device.address));
    if (device.pending_address) {
        record += message(27, session(device, *device.pending_address)) + message(44, state);
    }
    return lorawan::encode_message(record);
}

inline std::string key(std::string_view below) {
    return "ttn:v3:ns:devices:" + std::string(below);
}
inline std::string eui_text(std::uint64_t dev_eui) {
    return "0000000000000001:" + lorawan::text(lorawan::Eui64{dev_eui});
}
inline std::string address_text(std::uint32_t address) {
    return lorawan::text(lorawan::DevAddr{address});
}

// What the stack writes beside a record; `put` false: takes it away.
inline void add_index(redis::Commands& commands, const Device& device, bool put) {
    const auto decoded = lorawan::read_end_device_text(record_of(device));
    for (const auto& entry : address_entries(*decoded)) {
        const auto set = key("addr:" + text(entry.address) + (entry.pending ? ":pending" : ":current"));
        if (put) {
            const auto score =
                entry.pending ? "1795366316487774200" : std::to_string(static_cast<int>(entry.score));
            commands.add("ZADD", set, score, device.uid);
            commands.add("HSET", set + ":fields", device.uid, entry.fields);
        } else {
            commands.add("ZREM", set, device.uid);
            commands.add("HDEL", set + ":fields", device.uid);
        }
    }
    if (device.dev_eui) {
        const auto name = key("eui:" + eui_text(*device.dev_eui));
        if (put) commands.add("SET", name, device.uid);
        if (!put) commands.add("DEL", name);
    }
    for (const auto& served : device.serves) {
        const auto name = key("relay:rules:" + device.application() + "." + served);
        if (put) commands.add("SET", name, device.uid);
        if (!put) commands.add("DEL", name);
    }
}

// One write of the stack: record and index in one transaction. `before` is what the record was.
inline void write(redis::Connection& connection, const std::optional<Device>& before,
                  const std::optional<Device>& after) {
    redis::Commands commands;
    commands.add("MULTI");
    if (before) add_index(commands, *before, false);
    if (before && !after) commands.add("DEL", key("uid:" + before->uid));
    if (after) {
        commands.add("SET", key("uid:" + after->uid), record_of(*after));
        add_index(commands, *after, true);
    }
    commands.add("EXEC");
    connection.pipeline(commands);
}

// Every key and what it holds as text: in one order, without times (of pending sessions, of tasks that were
// queued again) and consumers.
std::string contents(RedisDatabase& database);

}  // namespace tti::network_server::test
