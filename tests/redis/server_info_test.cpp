#include "redis/server_info.hpp"

#include <gtest/gtest.h>

namespace tti::redis {
namespace {

TEST(ServerInfo, IsReadFromInfo) {
    const Server server = parse_info(
        "# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\nrun_id:abc\r\n\r\n# "
        "Memory\r\nused_memory:12\r\n"
        "maxmemory:100\r\nmaxmemory_policy:noeviction\r\nloading:1\r\nrole:slave\r\ncluster_enabled:1\r\n");
    EXPECT_EQ(server.version, "7.0.15");
    EXPECT_EQ(server.run_id, "abc");
    EXPECT_EQ(server.used_memory, 12);
    EXPECT_EQ(server.maxmemory, 100);
    EXPECT_EQ(server.maxmemory_policy, "noeviction");
    EXPECT_TRUE(server.loading && server.replica && server.cluster);
    EXPECT_EQ(parse_info("").version, "");
}

}  // namespace
}  // namespace tti::redis
