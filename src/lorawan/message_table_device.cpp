#include <array>

#include "lorawan/message_schema.hpp"
#include "lorawan/message_tables.hpp"

namespace tti::lorawan {
namespace {

using enum FieldKind;

constexpr std::array end_device_fields{
    FieldRule{1, "ids", message, false, MessageKind::end_device_identifiers},
    FieldRule{2, "created_at", timestamp},
    FieldRule{3, "updated_at", timestamp},
    FieldRule{4, "name", text},
    FieldRule{5, "description", text},
    FieldRule{6, "attributes", text_map},
    FieldRule{7, "version_ids", message, false, MessageKind::end_device_version_identifiers},
    FieldRule{8, "service_profile_id", text},
    FieldRule{9, "network_server_address", text},
    FieldRule{10, "application_server_address", text},
    FieldRule{11, "join_server_address", text},
    FieldRule{12, "locations", message_map, false, MessageKind::location},
    FieldRule{13, "supports_class_b", boolean},
    FieldRule{14, "supports_class_c", boolean},
    FieldRule{15, "lorawan_version", mac_version},
    FieldRule{16, "lorawan_phy_version", number},
    FieldRule{17, "frequency_plan_id", text},
    FieldRule{18, "min_frequency", number},
    FieldRule{19, "max_frequency", number},
    FieldRule{20, "supports_join", boolean},
    FieldRule{21, "resets_join_nonces", boolean},
    FieldRule{22, "root_keys", message, false, MessageKind::root_keys},
    FieldRule{23, "net_id", identifier},
    FieldRule{24, "mac_settings", message, false, MessageKind::mac_settings},
    FieldRule{25, "mac_state", message, false, MessageKind::mac_state},
    FieldRule{26, "session", message, false, MessageKind::session},
    FieldRule{27, "pending_session", message, false, MessageKind::session},
    FieldRule{28, "last_dev_nonce", number},
    FieldRule{29, "used_dev_nonces", number, true},
    FieldRule{30, "last_join_nonce", number},
    FieldRule{31, "last_rj_count_0", number},
    FieldRule{32, "last_rj_count_1", number},
    FieldRule{33, "last_dev_status_received_at", timestamp},
    FieldRule{34, "power_state", number},
    FieldRule{35, "battery_percentage", float_value},
    FieldRule{36, "downlink_margin", signed_number},
    FieldRule{40, "queued_application_downlinks", message, true, MessageKind::application_downlink},
    FieldRule{41, "formatters", message, false, MessageKind::message_payload_formatters},
    FieldRule{42, "provisioner_id", text},
    FieldRule{43, "provisioning_data", structure},
    FieldRule{44, "pending_mac_state", message, false, MessageKind::mac_state},
    FieldRule{45, "multicast", boolean},
    FieldRule{46, "claim_authentication_code", message, false, MessageKind::end_device_authentication_code},
    FieldRule{47, "network_server_kek_label", text},
    FieldRule{48, "application_server_kek_label", text},
    FieldRule{49, "application_server_id", text},
    FieldRule{50, "picture", opaque},
    FieldRule{51, "skip_payload_crypto", boolean},
    FieldRule{52, "skip_payload_crypto_override", boolean_value},
    FieldRule{53, "activated_at", timestamp},
    FieldRule{54, "last_seen_at", timestamp},
    FieldRule{55, "serial_number", text},
    FieldRule{56, "lora_alliance_profile_ids", message, false,
              MessageKind::lora_alliance_profile_identifiers},
};

constexpr std::array end_device_identifiers_fields{
    FieldRule{1, "device_id", text},
    FieldRule{2, "application_ids", message, false, MessageKind::application_identifiers},
    FieldRule{4, "dev_eui", identifier},
    FieldRule{5, "join_eui", identifier},
    FieldRule{6, "dev_addr", identifier},
};

constexpr std::array application_identifiers_fields{
    FieldRule{1, "application_id", text},
};

constexpr std::array end_device_version_identifiers_fields{
    FieldRule{1, "brand_id", text},         FieldRule{2, "model_id", text},
    FieldRule{3, "hardware_version", text}, FieldRule{4, "firmware_version", text},
    FieldRule{5, "band_id", text},
};

constexpr std::array lora_alliance_profile_identifiers_fields{
    FieldRule{1, "vendor_id", number},
    FieldRule{2, "vendor_profile_id", number},
};

constexpr std::array session_fields{
    FieldRule{2, "dev_addr", identifier},
    FieldRule{3, "keys", message, false, MessageKind::session_keys},
    FieldRule{4, "last_f_cnt_up", number},
    FieldRule{5, "last_n_f_cnt_down", number},
    FieldRule{6, "last_a_f_cnt_down", number},
    FieldRule{7, "last_conf_f_cnt_down", number},
    FieldRule{8, "started_at", timestamp},
    FieldRule{9, "queued_application_downlinks", message, true, MessageKind::application_downlink},
};

constexpr std::array session_keys_fields{
    FieldRule{1, "session_key_id", bytes},
    FieldRule{2, "f_nwk_s_int_key", message, false, MessageKind::key_envelope},
    FieldRule{3, "s_nwk_s_int_key", message, false, MessageKind::key_envelope},
    FieldRule{4, "nwk_s_enc_key", message, false, MessageKind::key_envelope},
    FieldRule{5, "app_s_key", message, false, MessageKind::key_envelope},
};

constexpr std::array key_envelope_fields{
    FieldRule{1, "key", secret_bytes},
    FieldRule{2, "kek_label", text},
    FieldRule{3, "encrypted_key", secret_bytes},
};

constexpr std::array root_keys_fields{
    FieldRule{1, "root_key_id", text},
    FieldRule{2, "app_key", message, false, MessageKind::key_envelope},
    FieldRule{3, "nwk_key", message, false, MessageKind::key_envelope},
};

constexpr std::array message_payload_formatters_fields{
    FieldRule{1, "up_formatter", number},
    FieldRule{2, "up_formatter_parameter", text},
    FieldRule{3, "down_formatter", number},
    FieldRule{4, "down_formatter_parameter", text},
};

constexpr std::array end_device_authentication_code_fields{
    FieldRule{1, "value", secret_text},
    FieldRule{2, "valid_from", timestamp},
    FieldRule{3, "valid_to", timestamp},
};

constexpr std::array application_downlink_fields{
    FieldRule{1, "session_key_id", bytes},
    FieldRule{2, "f_port", number},
    FieldRule{3, "f_cnt", number},
    FieldRule{4, "frm_payload", bytes},
    FieldRule{5, "decoded_payload", structure},
    FieldRule{6, "confirmed", boolean},
    FieldRule{7, "class_b_c", opaque},
    FieldRule{8, "priority", number},
    FieldRule{9, "correlation_ids", text, true},
    FieldRule{10, "decoded_payload_warnings", text, true},
    FieldRule{11, "confirmed_retry", opaque},
};

constexpr std::array device_rules{
    MessageRule{MessageKind::end_device, "EndDevice", end_device_fields},
    MessageRule{MessageKind::end_device_identifiers, "EndDeviceIdentifiers", end_device_identifiers_fields},
    MessageRule{MessageKind::application_identifiers, "ApplicationIdentifiers",
                application_identifiers_fields},
    MessageRule{MessageKind::end_device_version_identifiers, "EndDeviceVersionIdentifiers",
                end_device_version_identifiers_fields},
    MessageRule{MessageKind::lora_alliance_profile_identifiers, "LoRaAllianceProfileIdentifiers",
                lora_alliance_profile_identifiers_fields},
    MessageRule{MessageKind::session, "Session", session_fields},
    MessageRule{MessageKind::session_keys, "SessionKeys", session_keys_fields},
    MessageRule{MessageKind::key_envelope, "KeyEnvelope", key_envelope_fields},
    MessageRule{MessageKind::root_keys, "RootKeys", root_keys_fields},
    MessageRule{MessageKind::message_payload_formatters, "MessagePayloadFormatters",
                message_payload_formatters_fields},
    MessageRule{MessageKind::end_device_authentication_code, "EndDeviceAuthenticationCode",
                end_device_authentication_code_fields},
    MessageRule{MessageKind::application_downlink, "ApplicationDownlink", application_downlink_fields},
};

}  // namespace

std::span<const MessageRule> device_messages() {
    return device_rules;
}

}  // namespace tti::lorawan
