#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "lorawan/keys.hpp"

namespace tti::lorawan {

// The messages of package ttn.lorawan.v3 whose fields are known here.
enum class MessageKind : std::uint8_t {
    end_device,
    end_device_identifiers,
    application_identifiers,
    end_device_version_identifiers,
    lora_alliance_profile_identifiers,
    session,
    session_keys,
    key_envelope,
    root_keys,
    message_payload_formatters,
    end_device_authentication_code,
    application_downlink,
    mac_state,
    mac_state_join_accept,
    mac_state_join_request,
    mac_state_uplink_message,
    mac_state_downlink_message,
    mac_state_data_rate_ranges,
    mac_parameters,
    mac_settings,
    relay_settings,
    serving_relay_settings,
    relay_parameters,
    serving_relay_parameters,
    relay_uplink_forwarding_rule,
    application_up,
    application_uplink,
    application_join_accept,
    application_downlink_failed,
    application_invalidated_downlinks,
    application_link,
    application_webhook,
    application_webhook_identifiers,
    application_pub_sub,
    application_pub_sub_identifiers,
    application_package_association,
    application_package_association_identifiers,
    application_package_default_association,
    application_package_default_association_identifiers,
    application_activation_settings,
    downlink_message,
    rx_metadata,
    location,
    error_details,
};

// What a field holds, and so how people see it.
enum class FieldKind : std::uint8_t {
    number,
    signed_number,
    boolean,
    mac_version,
    device_class,
    float_number,
    double_number,
    text,
    url,  // what it has of a user and password is secret
    secret_text,
    bytes,
    identifier,  // an EUI, a DevAddr, a NetID: bytes in upper case
    secret_bytes,
    timestamp,
    duration,
    number_value,  // messages that wrap one value
    boolean_value,
    float_value,
    message,
    message_map,  // by text
    text_map,
    secret_text_map,   // the values are secret
    structure,         // of any form: google.protobuf.Struct
    secret_structure,  // the texts in it are secret
    opaque,            // a message whose fields are not known here
};

struct FieldRule {
    std::uint32_t number = 0;
    std::string_view name;
    FieldKind kind = FieldKind::opaque;
    bool repeated = false;
    MessageKind message = {};  // of a message or message_map
};

struct MessageRule {
    MessageKind kind;
    std::string_view name;  // as in the .proto file
    std::span<const FieldRule> fields;
};
const MessageRule& rule(MessageKind kind);
std::span<const MessageRule> message_rules();

}  // namespace tti::lorawan
