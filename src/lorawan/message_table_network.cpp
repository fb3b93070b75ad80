#include <array>

#include "lorawan/message_schema.hpp"
#include "lorawan/message_tables.hpp"

namespace tti::lorawan {
namespace {

using enum FieldKind;

constexpr std::array mac_state_fields{
    FieldRule{1, "current_parameters", message, false, MessageKind::mac_parameters},
    FieldRule{2, "desired_parameters", message, false, MessageKind::mac_parameters},
    FieldRule{3, "device_class", device_class},
    FieldRule{4, "lorawan_version", mac_version},
    FieldRule{5, "last_confirmed_downlink_at", timestamp},
    FieldRule{6, "last_dev_status_f_cnt_up", number},
    FieldRule{7, "ping_slot_periodicity", number_value},
    FieldRule{8, "pending_application_downlink", message, false, MessageKind::application_downlink},
    FieldRule{9, "queued_responses", opaque, true},
    FieldRule{10, "pending_requests", opaque, true},
    FieldRule{11, "queued_join_accept", message, false, MessageKind::mac_state_join_accept},
    FieldRule{12, "pending_join_request", message, false, MessageKind::mac_state_join_request},
    FieldRule{13, "rx_windows_available", boolean},
    FieldRule{14, "recent_uplinks", message, true, MessageKind::mac_state_uplink_message},
    FieldRule{15, "recent_downlinks", message, true, MessageKind::mac_state_downlink_message},
    FieldRule{16, "last_network_initiated_downlink_at", timestamp},
    FieldRule{17, "rejected_adr_data_rate_indexes", number, true},
    FieldRule{18, "rejected_adr_tx_power_indexes", number, true},
    FieldRule{19, "rejected_frequencies", number, true},
    FieldRule{20, "last_downlink_at", timestamp},
    FieldRule{21, "rejected_data_rate_ranges", opaque},
    FieldRule{22, "last_adr_change_f_cnt_up", number},
    FieldRule{23, "recent_mac_command_identifiers", number, true},
    FieldRule{24, "pending_relay_downlink", opaque},
};

constexpr std::array mac_state_join_accept_fields{
    FieldRule{1, "payload", bytes},
    FieldRule{2, "request", message, false, MessageKind::mac_state_join_request},
    FieldRule{3, "keys", message, false, MessageKind::session_keys},
    FieldRule{4, "correlation_ids", text, true},
    FieldRule{5, "dev_addr", identifier},
    FieldRule{6, "net_id", identifier},
};

constexpr std::array mac_state_join_request_fields{
    FieldRule{6, "downlink_settings", opaque},
    FieldRule{7, "rx_delay", number},
    FieldRule{8, "cf_list", opaque},
};

constexpr std::array mac_state_uplink_message_fields{
    FieldRule{2, "payload", opaque},
    FieldRule{4, "settings", opaque},
    FieldRule{5, "rx_metadata", message, true, MessageKind::rx_metadata},
    FieldRule{6, "received_at", timestamp},
    FieldRule{7, "correlation_ids", text, true},
    FieldRule{9, "device_channel_index", number},
};

constexpr std::array mac_state_downlink_message_fields{
    FieldRule{2, "payload", opaque},
    FieldRule{6, "correlation_ids", text, true},
};

constexpr std::array mac_state_data_rate_ranges_fields{
    FieldRule{1, "ranges", opaque, true},
};

constexpr std::array mac_parameters_fields{
    FieldRule{1, "max_eirp", float_number},
    FieldRule{4, "adr_data_rate_index", number},
    FieldRule{5, "adr_tx_power_index", number},
    FieldRule{6, "adr_nb_trans", number},
    FieldRule{7, "adr_ack_limit", number},
    FieldRule{8, "adr_ack_delay", number},
    FieldRule{9, "rx1_delay", number},
    FieldRule{10, "rx1_data_rate_offset", number},
    FieldRule{11, "rx2_data_rate_index", number},
    FieldRule{12, "rx2_frequency", number},
    FieldRule{13, "max_duty_cycle", number},
    FieldRule{14, "rejoin_time_periodicity", number},
    FieldRule{15, "rejoin_count_periodicity", number},
    FieldRule{16, "ping_slot_frequency", number},
    FieldRule{17, "ping_slot_data_rate_index", number},
    FieldRule{18, "beacon_frequency", number},
    FieldRule{19, "channels", opaque, true},
    FieldRule{20, "uplink_dwell_time", boolean_value},
    FieldRule{21, "downlink_dwell_time", boolean_value},
    FieldRule{22, "adr_ack_limit_exponent", number_value},
    FieldRule{23, "adr_ack_delay_exponent", number_value},
    FieldRule{24, "ping_slot_data_rate_index_value", number_value},
    FieldRule{25, "relay", message, false, MessageKind::relay_parameters},
};

constexpr std::array mac_settings_fields{
    FieldRule{1, "class_b_timeout", duration},
    FieldRule{2, "ping_slot_periodicity", number_value},
    FieldRule{3, "ping_slot_data_rate_index", number_value},
    FieldRule{4, "ping_slot_frequency", number_value},
    FieldRule{5, "class_c_timeout", duration},
    FieldRule{6, "rx1_delay", number_value},
    FieldRule{7, "rx1_data_rate_offset", number_value},
    FieldRule{8, "rx2_data_rate_index", number_value},
    FieldRule{9, "rx2_frequency", number_value},
    FieldRule{10, "factory_preset_frequencies", number, true},
    FieldRule{11, "max_duty_cycle", number_value},
    FieldRule{12, "supports_32_bit_f_cnt", boolean_value},
    FieldRule{13, "use_adr", boolean_value},
    FieldRule{14, "adr_margin", float_value},
    FieldRule{15, "resets_f_cnt", boolean_value},
    FieldRule{16, "status_time_periodicity", duration},
    FieldRule{17, "status_count_periodicity", number_value},
    FieldRule{18, "desired_rx1_delay", number_value},
    FieldRule{19, "desired_rx1_data_rate_offset", number_value},
    FieldRule{20, "desired_rx2_data_rate_index", number_value},
    FieldRule{21, "desired_rx2_frequency", number_value},
    FieldRule{22, "desired_max_duty_cycle", number_value},
    FieldRule{23, "desired_adr_ack_limit_exponent", number_value},
    FieldRule{24, "desired_adr_ack_delay_exponent", number_value},
    FieldRule{25, "beacon_frequency", number_value},
    FieldRule{27, "desired_ping_slot_data_rate_index", number_value},
    FieldRule{28, "desired_ping_slot_frequency", number_value},
    FieldRule{29, "desired_beacon_frequency", number_value},
    FieldRule{30, "desired_max_eirp", number_value},
    FieldRule{31, "class_b_c_downlink_interval", duration},
    FieldRule{32, "uplink_dwell_time", boolean_value},
    FieldRule{33, "downlink_dwell_time", boolean_value},
    FieldRule{34, "adr", opaque},
    FieldRule{35, "schedule_downlinks", boolean_value},
    FieldRule{36, "relay", message, false, MessageKind::relay_settings},
    FieldRule{37, "desired_relay", message, false, MessageKind::relay_settings},
};

constexpr std::array relay_settings_fields{
    FieldRule{1, "serving", message, false, MessageKind::serving_relay_settings},
    FieldRule{2, "served", opaque},
};

constexpr std::array serving_relay_settings_fields{
    FieldRule{1, "second_channel", opaque},
    FieldRule{3, "cad_periodicity", number},
    FieldRule{4, "uplink_forwarding_rules", message, true, MessageKind::relay_uplink_forwarding_rule},
    FieldRule{5, "limits", opaque},
    FieldRule{6, "default_channel_index", number_value},
};

constexpr std::array relay_parameters_fields{
    FieldRule{1, "serving", message, false, MessageKind::serving_relay_parameters},
    FieldRule{2, "served", opaque},
};

constexpr std::array serving_relay_parameters_fields{
    FieldRule{1, "second_channel", opaque},
    FieldRule{2, "default_channel_index", number},
    FieldRule{3, "cad_periodicity", number},
    FieldRule{4, "uplink_forwarding_rules", message, true, MessageKind::relay_uplink_forwarding_rule},
    FieldRule{5, "limits", opaque},
};

constexpr std::array relay_uplink_forwarding_rule_fields{
    FieldRule{1, "limits", opaque},
    FieldRule{2, "last_w_f_cnt", number},
    FieldRule{3, "device_id", text},
    FieldRule{4, "session_key_id", bytes},
};

constexpr std::array network_rules{
    MessageRule{MessageKind::mac_state, "MACState", mac_state_fields},
    MessageRule{MessageKind::mac_state_join_accept, "MACState.JoinAccept", mac_state_join_accept_fields},
    MessageRule{MessageKind::mac_state_join_request, "MACState.JoinRequest", mac_state_join_request_fields},
    MessageRule{MessageKind::mac_state_uplink_message, "MACState.UplinkMessage",
                mac_state_uplink_message_fields},
    MessageRule{MessageKind::mac_state_downlink_message, "MACState.DownlinkMessage",
                mac_state_downlink_message_fields},
    MessageRule{MessageKind::mac_state_data_rate_ranges, "MACState.DataRateRanges",
                mac_state_data_rate_ranges_fields},
    MessageRule{MessageKind::mac_parameters, "MACParameters", mac_parameters_fields},
    MessageRule{MessageKind::mac_settings, "MACSettings", mac_settings_fields},
    MessageRule{MessageKind::relay_settings, "RelaySettings", relay_settings_fields},
    MessageRule{MessageKind::serving_relay_settings, "ServingRelaySettings", serving_relay_settings_fields},
    MessageRule{MessageKind::relay_parameters, "RelayParameters", relay_parameters_fields},
    MessageRule{MessageKind::serving_relay_parameters, "ServingRelayParameters",
                serving_relay_parameters_fields},
    MessageRule{MessageKind::relay_uplink_forwarding_rule, "RelayUplinkForwardingRule",
                relay_uplink_forwarding_rule_fields},
};

}  // namespace

std::span<const MessageRule> network_messages() {
    return network_rules;
}

}  // namespace tti::lorawan
