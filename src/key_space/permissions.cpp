#include "key_space/permissions.hpp"

namespace tti::key_space {
namespace {

using lorawan::KeyKind;
using lorawan::Keys;
using Needed = std::vector<std::vector<std::string>>;

constexpr const char* device = "application.device";
constexpr const char* eui = "0000000000000000";
constexpr const char* dev_addr = "00000000";

// Run lock, journal and scripts.
Needed common(const Keys& keys) {
    const auto lock = keys.key(KeyKind::own, {"lock"});
    return {{"SET", lock, "x"},
            {"EVAL", "return 1", "1", lock},
            {"SCRIPT", "LOAD", "return 1"},
            {"XADD", keys.key(KeyKind::own, {"operations"}), "*", "field", "value"}};
}

Needed of_network_server(const Keys& keys) {
    const auto scores = keys.key(KeyKind::ns_current, {dev_addr});
    const auto fields = keys.key(KeyKind::ns_current_fields, {dev_addr});
    const auto queue = keys.key(KeyKind::ns_uplinks);
    return {{"SET", keys.key(KeyKind::ns_schema_version), "1"},
            {"SET", keys.key(KeyKind::ns_eui, {eui, eui}), device},
            {"UNLINK", keys.key(KeyKind::ns_device, {device})},
            {"UNLINK", keys.key(KeyKind::ns_legacy_uplinks, {"application"})},
            {"ZADD", scores, "1", device},
            {"ZREM", scores, device},
            {"HSET", fields, device, "x"},
            {"HDEL", fields, device},
            {"XTRIM", queue, "MINID", "1"},
            {"XDEL", queue, "1-0"},
            {"XACK", queue, "ns", "1-0"},
            {"XADD", keys.key(KeyKind::ns_downlink_input), "*", "payload", device}};
}

Needed of_application_server(const Keys& keys) {
    return {{"SET", keys.key(KeyKind::as_schema_version), "1"},
            {"MSET", keys.key(KeyKind::as_device, {device}), "x"},
            {"UNLINK", keys.key(KeyKind::as_device, {device})},
            {"UNLINK", keys.key(KeyKind::as_legacy_uplinks, {device})},
            {"SREM", keys.key(KeyKind::as_links), "application"}};
}

Needed of_join_server(const Keys& keys) {
    return {{"SET", keys.key(KeyKind::js_schema_version), "1"},
            {"RPUSH", keys.key(KeyKind::js_session_key_ids, {eui, eui}), "x"},
            {"UNLINK", keys.key(KeyKind::js_session_key, {eui, eui, "x"})},
            {"UNLINK", keys.key(KeyKind::js_device, {device})}};
}

Needed of_device_claiming_server(const Keys& keys) {
    return {{"SET", keys.key(KeyKind::dcs_schema_version), "1"},
            {"UNLINK", keys.key(KeyKind::dcs_any, {"x"})}};
}

Needed of_area(operation::Area area, const Keys& keys) {
    switch (area) {
        case operation::Area::network_server:
            return of_network_server(keys);
        case operation::Area::application_server:
            return of_application_server(keys);
        case operation::Area::join_server:
            return of_join_server(keys);
        case operation::Area::device_claiming_server:
            return of_device_claiming_server(keys);
        default:
            return {};
    }
}

}  // namespace

Needed needed_permissions(operation::Area area, const Keys& keys) {
    auto needed = common(keys);
    for (auto& one : of_area(area, keys)) needed.push_back(std::move(one));
    return needed;
}

}  // namespace tti::key_space
