#include <array>
#include <stdexcept>

#include "lorawan/keys.hpp"

namespace tti::lorawan {
namespace {

using enum KeyKind;
using enum Owner;

// In the order of KeyKind.
constexpr std::array rules{
    KeyRule{ns_schema_version, network_server, "ns:devices:schema-version", "string", "schema versions", ""},
    KeyRule{ns_device, network_server, "ns:devices:uid:{device}", "string", "end devices", "ns-db cleanup"},
    KeyRule{ns_eui, network_server, "ns:devices:eui:{eui}:{eui}", "string", "EUI index entries",
            "ns-db cleanup"},
    KeyRule{ns_current, network_server, "ns:devices:addr:{dev_addr}:current", "zset",
            "DevAddr indexes of sessions", "ns-db cleanup"},
    KeyRule{ns_current_fields, network_server, "ns:devices:addr:{dev_addr}:current:fields", "hash",
            "match fields of sessions", "ns-db cleanup"},
    KeyRule{ns_pending, network_server, "ns:devices:addr:{dev_addr}:pending", "zset",
            "DevAddr indexes of pending sessions", "ns-db cleanup"},
    KeyRule{ns_pending_fields, network_server, "ns:devices:addr:{dev_addr}:pending:fields", "hash",
            "match fields of pending sessions", "ns-db cleanup"},
    KeyRule{ns_relay_rule, network_server, "ns:devices:relay:rules:{device}", "string",
            "relay forwarding rules", "ns-db cleanup"},
    KeyRule{ns_uplinks_schema_version, network_server, "ns:application-uplinks:schema-version", "string",
            "schema versions", ""},
    KeyRule{ns_uplinks, network_server, "ns:application-uplinks:uplinks", "stream",
            "application uplink queues", "ns-db prune"},
    KeyRule{ns_downlink_input, network_server, "ns:tasks:downlink:input", "stream", "new downlink tasks",
            "ns-db prune"},
    KeyRule{ns_downlink_ready, network_server, "ns:tasks:downlink:ready", "stream",
            "downlink tasks that are due", "ns-db prune"},
    KeyRule{ns_downlink_waiting, network_server, "ns:tasks:downlink:waiting", "zset",
            "downlink tasks that wait for their time", ""},
    KeyRule{ns_device_fields_3_10, network_server, "ns:devices:uid:{device}:fields", "hash",
            "match fields of release 3.10", "ns-db migrate"},
    KeyRule{ns_address_before_3_10, network_server, "ns:devices:addr:{dev_addr}", "set",
            "DevAddr indexes from before release 3.10", "ns-db migrate"},
    KeyRule{ns_address_16_bit, network_server, "ns:devices:addr:{dev_addr}:16bit", "zset",
            "16-bit DevAddr indexes of release 3.10", "ns-db migrate"},
    KeyRule{ns_address_32_bit, network_server, "ns:devices:addr:{dev_addr}:32bit", "zset",
            "32-bit DevAddr indexes of release 3.10", "ns-db migrate"},
    KeyRule{ns_device_last_invalidation, network_server, "ns:devices:uid:{device}:last-invalidation",
            "string", "last invalidations of end devices", "ns-db migrate"},
    KeyRule{ns_legacy_uplinks, network_server, "ns:application-uplinks:uid:{application}:uplinks", "stream",
            "application uplink queues from before release 3.28", "ns-db purge"},
    KeyRule{ns_legacy_invalidation, network_server,
            "ns:application-uplinks:uid:{application}:uplinks:invalidation", "stream",
            "queues of invalidations from before release 3.28", "ns-db purge"},
    KeyRule{ns_legacy_join_accept, network_server,
            "ns:application-uplinks:uid:{application}:uplinks:join-accept", "stream",
            "queues of join-accepts from before release 3.28", "ns-db purge"},
    KeyRule{ns_legacy_application_task, network_server, "ns:application-uplinks:application:{rest}", "stream",
            "application task queues from before release 3.28", "ns-db purge"},
    KeyRule{ns_last_invalidation, network_server, "ns:application-uplinks:uid:{device}:last-invalidation",
            "string", "last invalidations of queues", "ns-db migrate"},
    KeyRule{ns_deduplication, network_server, "ns:uplink-deduplication:{rest}", "string",
            "uplink deduplication windows", ""},
    KeyRule{ns_scheduled_downlink, network_server, "ns:scheduled-downlinks:cid:{text}", "string",
            "scheduled downlinks", ""},
    KeyRule{as_schema_version, application_server, "as:schema-version", "string", "schema versions", ""},
    KeyRule{as_device, application_server, "as:devices:uid:{device}", "string", "end devices",
            "as-db cleanup"},
    KeyRule{as_eui, application_server, "as:devices:eui:{eui}:{eui}", "string", "EUI index entries",
            "as-db cleanup"},
    KeyRule{as_links, application_server, "as:links:all", "set", "lists of application links",
            "as-db cleanup"},
    KeyRule{as_link, application_server, "as:links:uid:{application}", "string", "application links",
            "as-db cleanup"},
    KeyRule{as_pubsubs, application_server, "as:io:pubsub:all", "set", "lists of pub/subs", "as-db cleanup"},
    KeyRule{as_pubsub_ids, application_server, "as:io:pubsub:uid:{application}", "set",
            "lists of an application's pub/subs", "as-db cleanup"},
    KeyRule{as_pubsub, application_server, "as:io:pubsub:uid:{application}:{id}", "string", "pub/subs",
            "as-db cleanup"},
    KeyRule{as_webhook_ids, application_server, "as:io:webhooks:uid:{application}", "set",
            "lists of an application's webhooks", "as-db cleanup"},
    KeyRule{as_webhook, application_server, "as:io:webhooks:uid:{application}:{id}", "string", "webhooks",
            "as-db cleanup"},
    KeyRule{as_package_ports, application_server, "as:io:applicationpackages:uid:{owner}", "set",
            "lists of application package associations", "as-db cleanup"},
    KeyRule{as_package, application_server, "as:io:applicationpackages:uid:{owner}:{port}", "string",
            "application package associations", "as-db cleanup"},
    KeyRule{as_location, application_server, "as:metadata:locations:uid:{device}", "hash", "cached locations",
            ""},
    KeyRule{as_traffic, application_server, "as:traffic:uid:{application}:uplinks", "channel",
            "channels of application traffic", ""},
    KeyRule{as_legacy_uplinks, application_server, "as:applicationups:uid:{device}", "list",
            "stored uplinks from before release 3.27", "as-db purge"},
    KeyRule{js_device, join_server, "js:devices:uid:{device}", "string", "end devices", "js-db cleanup"},
    KeyRule{js_eui, join_server, "js:devices:eui:{eui}:{eui}", "string", "EUI index entries",
            "js-db cleanup"},
    KeyRule{js_provisioner, join_server, "js:devices:provisioner:{id}:{text}", "string",
            "provisioning index entries", "js-db cleanup"},
    KeyRule{js_schema_version, join_server, "js:keys:schema-version", "string", "schema versions", ""},
    KeyRule{js_session_key, join_server, "js:keys:id:{eui}:{eui}:{base64}", "string", "session keys",
            "js-db migrate"},
    KeyRule{js_session_key_ids, join_server, "js:keys:ids:{eui}:{eui}", "list", "lists of session keys",
            "js-db migrate"},
    KeyRule{js_activation_settings, join_server, "js:application-activation-settings:uid:{application}",
            "string", "application activation settings", "js-db cleanup"},
    KeyRule{dcs_schema_version, device_claiming_server, "dcs:schema-version", "string", "schema versions",
            ""},
    KeyRule{dcs_any, device_claiming_server, "dcs:{rest}", "", "keys of the Device Claiming Server",
            "dcs-db purge"},
    KeyRule{gs_connection_stats, gateway_server, "gs:cache:connstats:uid:{id}", "string",
            "gateway connection statistics", ""},
    KeyRule{is_telemetry_input, identity_server, "is:tasks:telemetry:input", "stream", "new telemetry tasks",
            ""},
    KeyRule{is_telemetry_ready, identity_server, "is:tasks:telemetry:ready", "stream",
            "telemetry tasks that are due", ""},
    KeyRule{is_telemetry_waiting, identity_server, "is:tasks:telemetry:waiting", "zset",
            "telemetry tasks that wait for their time", ""},
    KeyRule{rate_limiting, every_server, "rate-limiting:{rest}", "string", "rate limits", ""},
    KeyRule{event_data, events, "event_data:{text}", "string", "stored events", ""},
    KeyRule{event_index, events, "event_index:{base64}", "list", "event indexes", ""},
    KeyRule{event_stream, events, "event_stream:{text}:{text}", "stream", "event streams", ""},
    KeyRule{own, this_program, "tti:{rest}", "", "keys of tti-lw-stack", ""},
    // Not below the name space by themselves: they follow a whole key.
    KeyRule{lock_helper, every_server, "{rest}:lock", "string", "locks", ""},
    KeyRule{hand_over_list, every_server, "{rest}:list", "list", "hand-over tokens of locks", ""},
};

static_assert([] {
    for (std::size_t index = 0; index < rules.size(); ++index) {
        if (static_cast<std::size_t>(rules[index].kind) != index) return false;
    }
    return static_cast<std::size_t>(hand_over_list) + 1 == rules.size();
}());

}  // namespace

std::span<const KeyRule> key_rules() {
    return rules;
}

const KeyRule& rule(KeyKind kind) {
    return rules.at(static_cast<std::size_t>(kind));
}

std::string_view describe(Owner owner) {
    switch (owner) {
        case network_server:
            return "Network Server";
        case application_server:
            return "Application Server";
        case join_server:
            return "Join Server";
        case device_claiming_server:
            return "Device Claiming Server";
        case gateway_server:
            return "Gateway Server";
        case identity_server:
            return "Identity Server";
        case events:
            return "events";
        case this_program:
            return "tti-lw-stack";
        case every_server:
            return "every server";
    }
    throw std::logic_error("an owner without a name");
}

}  // namespace tti::lorawan
