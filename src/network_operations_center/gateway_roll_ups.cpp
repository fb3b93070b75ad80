#include "network_operations_center/layout.hpp"

namespace tti::network_operations_center {
namespace {

using std::chrono::days;
using timeseries::Measure;
using timeseries::RollUp;

// The median of medians: those of single packets are not kept.
Measure median() {
    return {"rtt_median_us", "percentile_cont(0.5) WITHIN GROUP (ORDER BY rtt_median_us)"};
}

void add_connections(std::vector<RollUp>& all) {
    all.push_back(hourly("gateway_connection_1h", "gateway_connection_event", {"tenant_id", "gateway_id"},
                         {{"last_connect", "max(received_at) FILTER (WHERE event_type = 0)"},
                          {"last_disconnect", "max(received_at) FILTER (WHERE event_type = 1)"},
                          {"disconnects", "count(*) FILTER (WHERE event_type = 1)"}}));
    all.push_back(built_on("gateway_connection_1d", all.back(), days(1),
                           {max_of("last_connect"), max_of("last_disconnect"), sum_of("disconnects")}));
    const std::vector<Measure> measures{sum_of("connected_us"),   sum_of("uplink_count"),
                                        sum_of("downlink_count"), min_of("rtt_min_us"),
                                        max_of("rtt_max_us"),     median()};
    all.push_back(hourly("gateway_connection_statistics_1h", "gateway_connection_statistics",
                         {"tenant_id", "gateway_id"}, measures));
    all.push_back(built_on("gateway_connection_statistics_1d", all.back(), days(1), measures));
}

// Five minutes, so that a channel's utilization of a short time can be seen.
void add_utilization(std::vector<RollUp>& all) {
    auto fine = hourly("gateway_uplink_data_rate_utilization_5m", "gateway_uplink",
                       {"tenant_id", "gateway_id", "frequency", "data_rate"},
                       {{"packet_count", "count(*)"}, sum_of("airtime_us")});
    fine.bucket = std::chrono::minutes(5);
    all.push_back(fine);
    const std::vector<Measure> sums{sum_of("packet_count"), sum_of("airtime_us")};
    all.push_back(
        built_on("gateway_uplink_data_rate_utilization_1h", all.back(), std::chrono::hours(1), sums));
    all.push_back(built_on("gateway_uplink_data_rate_utilization_1d", all.back(), days(1), sums));
}

}  // namespace

std::vector<RollUp> gateway_roll_ups() {
    std::vector<RollUp> all;
    add_connections(all);
    add_utilization(all);
    all.push_back(hourly("gateway_uplink_lora_performance_1h", "gateway_uplink",
                         {"tenant_id", "gateway_id", "frequency"},
                         {{"min_lora_rssi", std::string("min(") + lora_signal + ")"}}));
    all.push_back(
        built_on("gateway_uplink_lora_performance_1d", all.back(), days(1), {min_of("min_lora_rssi")}));
    all.push_back(hourly("gateway_network_uplink_1h", "gateway_uplink", {"tenant_id", "gateway_id", "net_id"},
                         {{"packet_count", "count(*)"}}));
    all.push_back(built_on("gateway_network_uplink_1d", all.back(), days(1), {sum_of("packet_count")}));
    return all;
}

}  // namespace tti::network_operations_center
