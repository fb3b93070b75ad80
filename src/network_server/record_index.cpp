#include "network_server/record_index.hpp"

#include <algorithm>
#include <chrono>

namespace tti::network_server {
namespace {

using lorawan::KeyKind;

IndexEntry address_entry(const lorawan::Keys& keys, std::string_view uid,
                         const lorawan::AddressEntry& entry) {
    const auto address = text(entry.address);
    return {.kind = entry.pending ? IndexKind::pending : IndexKind::current,
            .key = keys.key(entry.pending ? KeyKind::ns_pending : KeyKind::ns_current, {address}),
            .uid = std::string(uid),
            .fields_key =
                keys.key(entry.pending ? KeyKind::ns_pending_fields : KeyKind::ns_current_fields, {address}),
            .score = entry.pending ? "" : std::to_string(static_cast<std::int64_t>(entry.score)),
            .fields = entry.fields};
}

IndexEntry plain_entry(IndexKind kind, std::string key, std::string_view uid) {
    return {.kind = kind, .key = std::move(key), .uid = std::string(uid)};
}

}  // namespace

std::string_view words(IndexKind kind) {
    switch (kind) {
        case IndexKind::current:
            return "session addresses";
        case IndexKind::pending:
            return "pending session addresses";
        case IndexKind::eui:
            return "EUIs";
        case IndexKind::relay:
            return "relay rules";
    }
    return "entries";
}

Expected<std::vector<IndexEntry>> index_of(const lorawan::Keys& keys, std::string_view uid,
                                           std::string_view value) {
    const auto device = lorawan::read_end_device_text(value);
    if (!device) return unexpected(device.error());
    std::vector<IndexEntry> entries;
    for (const auto& address : address_entries(*device)) {
        entries.push_back(address_entry(keys, uid, address));
    }
    if (device->join_eui && device->dev_eui) {
        entries.push_back(
            plain_entry(IndexKind::eui,
                        keys.key(KeyKind::ns_eui, {text(*device->join_eui), text(*device->dev_eui)}), uid));
    }
    const auto application = uid.substr(0, uid.find('.'));
    for (const auto& served : device->served_devices) {
        const auto served_uid = std::string(application) + "." + served;
        entries.push_back(plain_entry(IndexKind::relay, keys.key(KeyKind::ns_relay_rule, {served_uid}), uid));
    }
    return entries;
}

const IndexEntry* find_entry(const std::vector<IndexEntry>& entries, IndexKind kind, std::string_view key) {
    const auto found = std::ranges::find_if(
        entries, [&](const IndexEntry& entry) { return entry.kind == kind && entry.key == key; });
    return found == entries.end() ? nullptr : &*found;
}

std::string score_of_now() {
    return std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(
                              std::chrono::system_clock::now().time_since_epoch())
                              .count());
}

}  // namespace tti::network_server
