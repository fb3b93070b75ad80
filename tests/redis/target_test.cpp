#include "redis/target.hpp"

#include <gtest/gtest.h>

#include "redis/address.hpp"

namespace tti::redis {
namespace {

std::string parsed(std::string_view text) {
    const auto address = parse_address(text);
    return address ? address->host + "|" + address->port + "|" + address->path : "refused";
}

TEST(Address, IsAHostAndPortOrASocket) {
    EXPECT_EQ(parsed("localhost:6379"), "localhost|6379|");
    EXPECT_EQ(parsed("10.0.0.1:1"), "10.0.0.1|1|");
    EXPECT_EQ(parsed("[::1]:6379"), "::1|6379|");
    EXPECT_EQ(parsed(":6379"), "localhost|6379|");
    EXPECT_EQ(parsed("/run/redis.sock"), "||/run/redis.sock");
}

TEST(Address, IsRefusedOtherwise) {
    for (const std::string_view text : {"", "localhost", "localhost:", "localhost:0", "localhost:65536",
                                        "localhost:x", "::1:6379", "localhost:6379x", "run/redis.sock"}) {
        EXPECT_EQ(parsed(text), "refused") << text;
    }
}

TEST(Target, IsShownWithoutSecrets) {
    Target target;
    target.address = "redis.example.com:6379";
    target.password = Secret("hunter2");
    EXPECT_EQ(target.display(), "redis.example.com:6379");
    target.database = 2;
    EXPECT_EQ(target.display(), "redis.example.com:6379 database 2");
    target.failover = Failover{{"a:26379"}, "mymaster", "", Secret("hunter3")};
    EXPECT_EQ(target.display(), "primary of mymaster database 2");
}

}  // namespace
}  // namespace tti::redis
