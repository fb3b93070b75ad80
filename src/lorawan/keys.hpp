#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tti::lorawan {

// Every kind of key that The Things Stack 3.x keeps in Redis, old layouts and this program's own included.
// Parts in the order in which key() takes and parse() gives them; U is a device UID, A an application ID.
enum class KeyKind : std::uint8_t {
    ns_schema_version,            // devices
    ns_device,                    // U
    ns_eui,                       // JoinEUI, DevEUI
    ns_current,                   // DevAddr
    ns_current_fields,            // DevAddr
    ns_pending,                   // DevAddr
    ns_pending_fields,            // DevAddr
    ns_relay_rule,                // U of the served device
    ns_uplinks_schema_version,    //
    ns_uplinks,                   // the one stream of today
    ns_downlink_input,            //
    ns_downlink_ready,            //
    ns_downlink_waiting,          //
    ns_device_fields_3_10,        // U
    ns_address_before_3_10,       // DevAddr
    ns_address_16_bit,            // DevAddr
    ns_address_32_bit,            // DevAddr
    ns_device_last_invalidation,  // U; below ns:devices
    ns_legacy_uplinks,            // A
    ns_legacy_invalidation,       // A
    ns_legacy_join_accept,        // A
    ns_legacy_application_task,   // whatever follows "application:"
    ns_last_invalidation,         // U; below ns:application-uplinks
    ns_deduplication,             // the rest
    ns_scheduled_downlink,        // ID
    as_schema_version,            //
    as_device,                    // U
    as_eui,                       // DevEUI, JoinEUI: the other way round than NS and JS
    as_links,                     //
    as_link,                      // A
    as_pubsubs,                   //
    as_pubsub_ids,                // A
    as_pubsub,                    // A, pub/sub ID
    as_webhook_ids,               // A
    as_webhook,                   // A, webhook ID
    as_package_ports,             // U or A
    as_package,                   // U or A, FPort
    as_location,                  // U
    as_traffic,                   // A
    as_legacy_uplinks,            // U
    js_device,                    // U
    js_eui,                       // JoinEUI, DevEUI
    js_provisioner,               // provisioner ID, provisioning ID
    js_schema_version,            //
    js_session_key,               // JoinEUI, DevEUI, session key ID in base64
    js_session_key_ids,           // JoinEUI, DevEUI
    js_activation_settings,       // A
    dcs_schema_version,           //
    dcs_any,                      // the rest; what releases before 3.26 may have left
    gs_connection_stats,          // gateway ID
    is_telemetry_input,           //
    is_telemetry_ready,           //
    is_telemetry_waiting,         //
    rate_limiting,                // the rest
    event_data,                   // event UID
    event_index,                  // correlation hash
    event_stream,                 // entity type, UID
    own,                          // the rest: locks, journal, checkpoints and marks of this program
    lock_helper,                  // the key that it locks; ":lock" of any key above
    hand_over_list,               // the key that it locks; ":list" of any key above
};

enum class Owner : std::uint8_t {
    network_server,
    application_server,
    join_server,
    device_claiming_server,
    gateway_server,
    identity_server,
    events,
    this_program,
    every_server,
};

// What is known of a kind of key.
struct KeyRule {
    KeyKind kind;
    Owner owner;
    // Below the name space. Literal text with {device}, {application}, {owner} (a device or an application),
    // {dev_addr}, {eui}, {id}, {port}, {base64}, {text} (no colon) and {rest} (anything).
    std::string_view pattern;
    std::string_view type;      // of Redis: "string", "zset", "hash", "set", "list", "stream"
    std::string_view words;     // what an operator calls it, plural: "end devices"
    std::string_view freed_by;  // the command that removes it when it is of no use any more; may be empty
};
std::span<const KeyRule> key_rules();
const KeyRule& rule(KeyKind kind);
std::string_view describe(Owner owner);

// The keys of one deployment: its name space (redis.namespace, and the tenant's ID after it), then the
// grammar.
class Keys {
  public:
    explicit Keys(std::span<const std::string> name_space);

    // "ttn:v3:"; empty where the name space is.
    [[nodiscard]] const std::string& prefix() const { return prefix_; }
    [[nodiscard]] std::string key(KeyKind kind, std::initializer_list<std::string_view> parts = {}) const;
    // For SCAN MATCH: every key of that kind, and perhaps more. The name space is escaped.
    [[nodiscard]] std::string glob(KeyKind kind) const;
    // The narrowest glob for all of these kinds together, for one walk.
    [[nodiscard]] std::string glob(std::span<const KeyKind> kinds) const;
    // A glob for everything below this text: below("ns:").
    [[nodiscard]] std::string glob_below(std::string_view text) const;

    struct Match {
        KeyKind kind{};
        std::array<std::string_view, 3> parts;  // views into the key
    };
    // Nothing where the key is not of this name space, or of no known kind.
    [[nodiscard]] std::optional<Match> parse(std::string_view key) const;

  private:
    std::string prefix_;
};

}  // namespace tti::lorawan
