#include "network_operations_center/layout.hpp"

namespace tti::network_operations_center {
namespace {

using std::chrono::days;
using timeseries::Measure;
using timeseries::RollUp;

const std::vector<std::string>& device_groups() {
    static const std::vector<std::string> groups{"tenant_id", "application_id", "device_id"};
    return groups;
}

std::vector<Measure> channel_measures() {
    return {sum_of("packet_count"), sum_of("airtime_us"), max_of("max_lora_rssi")};
}

// Without the device: what is built on it is grouped by the application alone.
RollUp by_application(std::string name, const RollUp& source, timeseries::Span bucket,
                      std::vector<Measure> measures) {
    auto result = built_on(std::move(name), source, bucket, std::move(measures));
    std::erase(result.groups, "device_id");
    for (auto& index : result.indexes) index.erase(index.find("device_id, "), 11);
    return result;
}

std::vector<Measure> application_measures(const char* devices) {
    return {{"active_devices", devices}, sum_of("packet_count"), sum_of("frames_lost")};
}

}  // namespace

std::vector<RollUp> end_device_roll_ups() {
    std::vector<RollUp> all;
    const std::vector<Measure> received{max_of("best_rssi"), sum_of("packet_count")};
    all.push_back(hourly("gateway_end_device_uplink_statistics_1h", "gateway_end_device_uplink",
                         {"tenant_id", "application_id", "device_id", "gateway_id"},
                         {{"best_rssi", "max(rssi)"}, {"packet_count", "count(*)"}}));
    all.push_back(built_on("gateway_end_device_uplink_statistics_1d", all.back(), days(1), received));
    all.push_back(hourly("end_device_data_uplink_statistics_1h", "end_device_data_uplink", device_groups(),
                         {{"packet_count", "count(*)"},
                          sum_of("frames_lost"),
                          {"last_seen", "max(received_at)"},
                          max_of("session_started_at")}));
    all.push_back(built_on(
        "end_device_data_uplink_statistics_1d", all.back(), days(1),
        {sum_of("packet_count"), sum_of("frames_lost"), max_of("last_seen"), max_of("session_started_at")}));
    auto channels = device_groups();
    channels.insert(channels.end(), {"frequency", "data_rate"});
    all.push_back(hourly("end_device_uplink_channels_1h", "end_device_data_uplink", channels,
                         {{"packet_count", "count(*)"},
                          sum_of("airtime_us"),
                          {"max_lora_rssi", std::string("max(") + lora_signal + ")"}}));
    all.push_back(built_on("end_device_uplink_channels_1d", all.back(), days(1), channel_measures()));
    all.push_back(by_application("application_uplink_channels_1h", all[all.size() - 2], std::chrono::hours(1),
                                 channel_measures()));
    all.push_back(built_on("application_uplink_channels_1d", all.back(), days(1), channel_measures()));
    all.push_back(by_application("application_uplink_statistics_1h", all[2], std::chrono::hours(1),
                                 application_measures("count(*)")));
    all.push_back(by_application("application_uplink_statistics_1d", all[3], days(1),
                                 application_measures("count(*)")));
    return all;
}

std::vector<RollUp> application_roll_ups() {
    std::vector<RollUp> all;
    all.push_back(hourly("application_event_forward_1h", "application_event_forward",
                         {"tenant_id", "application_id", "event_name"}, {{"event_count", "count(*)"}}));
    all.push_back(built_on("application_event_forward_1d", all.back(), days(1), {sum_of("event_count")}));
    all.push_back(hourly("application_webhook_failure_1h", "application_webhook_failure",
                         {"tenant_id", "application_id", "status_code"}, {{"failure_count", "count(*)"}}));
    all.push_back(built_on("application_webhook_failure_1d", all.back(), days(1), {sum_of("failure_count")}));
    return all;
}

}  // namespace tti::network_operations_center
