#include "network_operations_center/query_page.hpp"

#include <set>

#include <gmock/gmock.h>

namespace tti::network_operations_center {
namespace {

TEST(QueryPages, AreCountedInWhatTheServiceTells) {
    std::set<std::string_view> single;
    for (const auto& query : queries())
        if (paged(query) == Paged::not_at_all) single.insert(query.name);
    EXPECT_THAT(single, testing::UnorderedElementsAre(
                            "gateways-active-metrics", "gateway-uptime", "gateway-top-networks-seen",
                            "applications-active-metrics", "application-end-devices-active-metrics",
                            "application-webhook-failure-ratio", "end-devices-active-metrics",
                            "end-device-session-start", "end-device-last-seen"));
    EXPECT_EQ(paged(*find_query("gateways-connectivity")), Paged::rows);
    EXPECT_EQ(paged(*find_query("gateway-connection-events")), Paged::rows);
    EXPECT_EQ(paged(*find_query("gateway-traffic")), Paged::buckets);
}

}  // namespace
}  // namespace tti::network_operations_center
