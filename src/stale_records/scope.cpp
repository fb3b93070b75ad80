#include "stale_records/scope.hpp"

#include <algorithm>

namespace tti::stale_records {

using lorawan::KeyKind;

bool Scope::needs_applications() const {
    return std::ranges::any_of(records, [this](auto kind) { return kind != device; });
}

Scope network_server_scope() {
    return {.area = operation::Area::network_server,
            .command = "ns-db cleanup",
            .device = KeyKind::ns_device,
            .records = {KeyKind::ns_device},
            .pointers = {KeyKind::ns_eui, KeyKind::ns_relay_rule},
            .session_keys = {},
            .uplink_queue = true};
}

Scope application_server_scope(const settings::Values& values) {
    Scope scope{.area = operation::Area::application_server,
                .command = "as-db cleanup",
                .device = KeyKind::as_device,
                .records = {KeyKind::as_device, KeyKind::as_package, KeyKind::as_pubsub, KeyKind::as_link},
                .pointers = {KeyKind::as_eui},
                .session_keys = {}};
    if (!values.text("as.webhooks.target").empty()) scope.records.push_back(KeyKind::as_webhook);
    return scope;
}

Scope join_server_scope() {
    return {.area = operation::Area::join_server,
            .command = "js-db cleanup",
            .device = KeyKind::js_device,
            .records = {KeyKind::js_device, KeyKind::js_activation_settings},
            .pointers = {KeyKind::js_eui, KeyKind::js_provisioner},
            .session_keys = {KeyKind::js_session_key, KeyKind::js_session_key_ids}};
}

bool is_device(std::string_view owner) {
    return owner.find('.') != std::string_view::npos;
}

}  // namespace tti::stale_records
