#include "network_operations_center/layout.hpp"

#include <set>

#include <gmock/gmock.h>

#include "network_operations_center/net_ids.hpp"

namespace tti::network_operations_center {
namespace {

// The names that the stack's release notes tell.
TEST(RollUps, AreThoseThatAreKnownByName) {
    std::set<std::string> names;
    for (const auto& roll_up : roll_ups("noc").all)
        EXPECT_TRUE(names.insert(roll_up.name).second) << roll_up.name;
    for (const char* name :
         {"gateway_end_device_uplink_statistics_1h", "gateway_uplink_lora_performance_1h",
          "gateway_uplink_data_rate_utilization_5m", "active_gateways_1h", "active_gateways_1d",
          "active_end_devices_1h", "active_end_devices_1d", "active_applications_1h",
          "active_applications_1d", "active_gateway_count_1d", "active_gateway_count_1w",
          "active_end_device_count_1d", "active_end_device_count_1w", "active_application_count_1d",
          "active_application_count_1w"}) {
        EXPECT_TRUE(names.contains(name)) << name;
    }
}

// Else a bucket could not be made anew once the first of its events are gone.
TEST(RollUps, OfEventsHaveBucketsOfAnHourAtMost) {
    std::set<std::string> raw;
    for (const auto& table : raw_tables("noc")) raw.insert(table.name);
    const auto declared = roll_ups("noc");
    for (const auto& roll_up : declared.all) {
        EXPECT_EQ(declared.is_raw(roll_up.source), raw.contains(roll_up.source)) << roll_up.name;
        EXPECT_TRUE(!raw.contains(roll_up.source) || roll_up.bucket <= std::chrono::hours(1)) << roll_up.name;
    }
}

TEST(RollUps, StandBehindTheirSources) {
    std::set<std::string> known;
    for (const auto& table : raw_tables("noc")) known.insert(table.name);
    for (const auto& roll_up : roll_ups("noc").all) {
        EXPECT_TRUE(known.contains(roll_up.source)) << roll_up.name;
        known.insert(roll_up.name);
        EXPECT_FALSE(roll_up.indexes.empty()) << roll_up.name;
        EXPECT_EQ(roll_up.groups.front(), "tenant_id") << roll_up.name;
    }
}

TEST(NetIds, AreReadWithTheirRevision) {
    EXPECT_FALSE(net_ids().revision.empty());
    EXPECT_GT(net_ids().all.size(), 100U);
    std::uint32_t before = 0;
    for (const auto& [number, holder] : net_ids().all) {
        EXPECT_TRUE(number == 0 || number > before) << format_net_id(number);
        EXPECT_LT(number, 1U << 24U);
        EXPECT_FALSE(holder.empty());
        before = number;
    }
    EXPECT_EQ(format_net_id(0x13), "000013");
}

}  // namespace
}  // namespace tti::network_operations_center
