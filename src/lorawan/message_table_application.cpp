#include <array>

#include "lorawan/message_schema.hpp"
#include "lorawan/message_tables.hpp"

namespace tti::lorawan {
namespace {

using enum FieldKind;

constexpr std::array application_up_fields{
    FieldRule{1, "end_device_ids", message, false, MessageKind::end_device_identifiers},
    FieldRule{2, "correlation_ids", text, true},
    FieldRule{3, "uplink_message", message, false, MessageKind::application_uplink},
    FieldRule{4, "join_accept", message, false, MessageKind::application_join_accept},
    FieldRule{5, "downlink_ack", message, false, MessageKind::application_downlink},
    FieldRule{6, "downlink_nack", message, false, MessageKind::application_downlink},
    FieldRule{7, "downlink_sent", message, false, MessageKind::application_downlink},
    FieldRule{8, "downlink_failed", message, false, MessageKind::application_downlink_failed},
    FieldRule{9, "downlink_queued", message, false, MessageKind::application_downlink},
    FieldRule{10, "downlink_queue_invalidated", message, false,
              MessageKind::application_invalidated_downlinks},
    FieldRule{11, "location_solved", opaque},
    FieldRule{12, "received_at", timestamp},
    FieldRule{13, "service_data", opaque},
    FieldRule{14, "simulated", boolean},
    FieldRule{15, "uplink_normalized", opaque},
};

constexpr std::array application_uplink_fields{
    FieldRule{1, "session_key_id", bytes},
    FieldRule{2, "f_port", number},
    FieldRule{3, "f_cnt", number},
    FieldRule{4, "frm_payload", bytes},
    FieldRule{5, "decoded_payload", structure},
    FieldRule{6, "rx_metadata", message, true, MessageKind::rx_metadata},
    FieldRule{7, "settings", opaque},
    FieldRule{8, "received_at", timestamp},
    FieldRule{9, "app_s_key", message, false, MessageKind::key_envelope},
    FieldRule{10, "last_a_f_cnt_down", number},
    FieldRule{11, "confirmed", boolean},
    FieldRule{12, "decoded_payload_warnings", text, true},
    FieldRule{13, "consumed_airtime", duration},
    FieldRule{14, "locations", message_map, false, MessageKind::location},
    FieldRule{15, "version_ids", message, false, MessageKind::end_device_version_identifiers},
    FieldRule{16, "network_ids", opaque},
    FieldRule{17, "normalized_payload", structure, true},
    FieldRule{18, "normalized_payload_warnings", text, true},
    FieldRule{19, "packet_error_rate", float_number},
};

constexpr std::array application_join_accept_fields{
    FieldRule{1, "session_key_id", bytes},
    FieldRule{2, "app_s_key", message, false, MessageKind::key_envelope},
    FieldRule{3, "invalidated_downlinks", message, true, MessageKind::application_downlink},
    FieldRule{4, "pending_session", boolean},
    FieldRule{8, "received_at", timestamp},
};

constexpr std::array application_downlink_failed_fields{
    FieldRule{1, "downlink", message, false, MessageKind::application_downlink},
    FieldRule{2, "error", message, false, MessageKind::error_details},
};

constexpr std::array application_invalidated_downlinks_fields{
    FieldRule{1, "downlinks", message, true, MessageKind::application_downlink},
    FieldRule{2, "last_f_cnt_down", number},
    FieldRule{3, "session_key_id", bytes},
};

constexpr std::array application_link_fields{
    FieldRule{3, "default_formatters", message, false, MessageKind::message_payload_formatters},
    FieldRule{5, "skip_payload_crypto", boolean_value},
};

constexpr std::array application_webhook_fields{
    FieldRule{1, "ids", message, false, MessageKind::application_webhook_identifiers},
    FieldRule{2, "created_at", timestamp},
    FieldRule{3, "updated_at", timestamp},
    FieldRule{4, "base_url", url},
    FieldRule{5, "headers", secret_text_map},
    FieldRule{6, "format", text},
    FieldRule{7, "uplink_message", opaque},
    FieldRule{8, "join_accept", opaque},
    FieldRule{9, "downlink_ack", opaque},
    FieldRule{10, "downlink_nack", opaque},
    FieldRule{11, "downlink_sent", opaque},
    FieldRule{12, "downlink_failed", opaque},
    FieldRule{13, "downlink_queued", opaque},
    FieldRule{14, "location_solved", opaque},
    FieldRule{15, "template_ids", opaque},
    FieldRule{16, "template_fields", secret_text_map},
    FieldRule{17, "downlink_api_key", secret_text},
    FieldRule{18, "service_data", opaque},
    FieldRule{19, "downlink_queue_invalidated", opaque},
    FieldRule{20, "health_status", opaque},
    FieldRule{21, "field_mask", opaque},
    FieldRule{22, "uplink_normalized", opaque},
    FieldRule{24, "paused", boolean},
};

constexpr std::array application_webhook_identifiers_fields{
    FieldRule{1, "application_ids", message, false, MessageKind::application_identifiers},
    FieldRule{2, "webhook_id", text},
};

constexpr std::array application_pub_sub_fields{
    FieldRule{1, "ids", message, false, MessageKind::application_pub_sub_identifiers},
    FieldRule{2, "created_at", timestamp},
    FieldRule{3, "updated_at", timestamp},
    FieldRule{4, "format", text},
    FieldRule{6, "base_topic", text},
    FieldRule{7, "downlink_push", opaque},
    FieldRule{8, "downlink_replace", opaque},
    FieldRule{9, "uplink_message", opaque},
    FieldRule{10, "join_accept", opaque},
    FieldRule{11, "downlink_ack", opaque},
    FieldRule{12, "downlink_nack", opaque},
    FieldRule{13, "downlink_sent", opaque},
    FieldRule{14, "downlink_failed", opaque},
    FieldRule{15, "downlink_queued", opaque},
    FieldRule{16, "location_solved", opaque},
    FieldRule{17, "nats", opaque},
    FieldRule{18, "service_data", opaque},
    FieldRule{19, "downlink_queue_invalidated", opaque},
    FieldRule{20, "uplink_normalized", opaque},
    FieldRule{25, "mqtt", opaque},
    FieldRule{101, "aws_iot", opaque},
};

constexpr std::array application_pub_sub_identifiers_fields{
    FieldRule{1, "application_ids", message, false, MessageKind::application_identifiers},
    FieldRule{2, "pub_sub_id", text},
};

constexpr std::array application_package_association_fields{
    FieldRule{1, "ids", message, false, MessageKind::application_package_association_identifiers},
    FieldRule{2, "created_at", timestamp},
    FieldRule{3, "updated_at", timestamp},
    FieldRule{4, "package_name", text},
    FieldRule{5, "data", secret_structure},
};

constexpr std::array application_package_association_identifiers_fields{
    FieldRule{1, "end_device_ids", message, false, MessageKind::end_device_identifiers},
    FieldRule{2, "f_port", number},
};

constexpr std::array application_package_default_association_fields{
    FieldRule{1, "ids", message, false, MessageKind::application_package_default_association_identifiers},
    FieldRule{2, "created_at", timestamp},
    FieldRule{3, "updated_at", timestamp},
    FieldRule{4, "package_name", text},
    FieldRule{5, "data", secret_structure},
};

constexpr std::array application_package_default_association_identifiers_fields{
    FieldRule{1, "application_ids", message, false, MessageKind::application_identifiers},
    FieldRule{2, "f_port", number},
};

constexpr std::array application_activation_settings_fields{
    FieldRule{1, "kek_label", text},
    FieldRule{2, "kek", message, false, MessageKind::key_envelope},
    FieldRule{3, "home_net_id", identifier},
    FieldRule{4, "application_server_id", text},
};

constexpr std::array downlink_message_fields{
    FieldRule{1, "raw_payload", bytes},
    FieldRule{2, "payload", opaque},
    FieldRule{3, "end_device_ids", message, false, MessageKind::end_device_identifiers},
    FieldRule{4, "request", opaque},
    FieldRule{5, "scheduled", opaque},
    FieldRule{6, "correlation_ids", text, true},
    FieldRule{7, "session_key_id", bytes},
};

constexpr std::array rx_metadata_fields{
    FieldRule{1, "gateway_ids", opaque},
    FieldRule{2, "antenna_index", number},
    FieldRule{3, "time", timestamp},
    FieldRule{4, "timestamp", number},
    FieldRule{5, "fine_timestamp", number},
    FieldRule{6, "encrypted_fine_timestamp", bytes},
    FieldRule{7, "encrypted_fine_timestamp_key_id", text},
    FieldRule{8, "rssi", float_number},
    FieldRule{9, "channel_rssi", float_number},
    FieldRule{10, "rssi_standard_deviation", float_number},
    FieldRule{11, "snr", float_number},
    FieldRule{12, "frequency_offset", signed_number},
    FieldRule{13, "location", message, false, MessageKind::location},
    FieldRule{14, "downlink_path_constraint", number},
    FieldRule{15, "uplink_token", bytes},
    FieldRule{16, "signal_rssi", float_value},
    FieldRule{17, "channel_index", number},
    FieldRule{18, "packet_broker", opaque},
    FieldRule{19, "hopping_width", number},
    FieldRule{20, "frequency_drift", signed_number},
    FieldRule{21, "gps_time", timestamp},
    FieldRule{22, "received_at", timestamp},
    FieldRule{23, "relay", opaque},
    FieldRule{99, "advanced", structure},
};

constexpr std::array location_fields{
    FieldRule{1, "latitude", double_number}, FieldRule{2, "longitude", double_number},
    FieldRule{3, "altitude", signed_number}, FieldRule{4, "accuracy", number},
    FieldRule{5, "source", number},
};

constexpr std::array error_details_fields{
    FieldRule{1, "namespace", text},      FieldRule{2, "name", text},
    FieldRule{3, "message_format", text}, FieldRule{4, "attributes", structure},
    FieldRule{5, "correlation_id", text}, FieldRule{6, "cause", message, false, MessageKind::error_details},
    FieldRule{7, "code", number},         FieldRule{8, "details", opaque, true},
};

constexpr std::array application_rules{
    MessageRule{MessageKind::application_up, "ApplicationUp", application_up_fields},
    MessageRule{MessageKind::application_uplink, "ApplicationUplink", application_uplink_fields},
    MessageRule{MessageKind::application_join_accept, "ApplicationJoinAccept",
                application_join_accept_fields},
    MessageRule{MessageKind::application_downlink_failed, "ApplicationDownlinkFailed",
                application_downlink_failed_fields},
    MessageRule{MessageKind::application_invalidated_downlinks, "ApplicationInvalidatedDownlinks",
                application_invalidated_downlinks_fields},
    MessageRule{MessageKind::application_link, "ApplicationLink", application_link_fields},
    MessageRule{MessageKind::application_webhook, "ApplicationWebhook", application_webhook_fields},
    MessageRule{MessageKind::application_webhook_identifiers, "ApplicationWebhookIdentifiers",
                application_webhook_identifiers_fields},
    MessageRule{MessageKind::application_pub_sub, "ApplicationPubSub", application_pub_sub_fields},
    MessageRule{MessageKind::application_pub_sub_identifiers, "ApplicationPubSubIdentifiers",
                application_pub_sub_identifiers_fields},
    MessageRule{MessageKind::application_package_association, "ApplicationPackageAssociation",
                application_package_association_fields},
    MessageRule{MessageKind::application_package_association_identifiers,
                "ApplicationPackageAssociationIdentifiers",
                application_package_association_identifiers_fields},
    MessageRule{MessageKind::application_package_default_association, "ApplicationPackageDefaultAssociation",
                application_package_default_association_fields},
    MessageRule{MessageKind::application_package_default_association_identifiers,
                "ApplicationPackageDefaultAssociationIdentifiers",
                application_package_default_association_identifiers_fields},
    MessageRule{MessageKind::application_activation_settings, "ApplicationActivationSettings",
                application_activation_settings_fields},
    MessageRule{MessageKind::downlink_message, "DownlinkMessage", downlink_message_fields},
    MessageRule{MessageKind::rx_metadata, "RxMetadata", rx_metadata_fields},
    MessageRule{MessageKind::location, "Location", location_fields},
    MessageRule{MessageKind::error_details, "ErrorDetails", error_details_fields},
};

}  // namespace

std::span<const MessageRule> application_messages() {
    return application_rules;
}

}  // namespace tti::lorawan
