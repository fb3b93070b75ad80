#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "key_space/session.hpp"
#include "settings/catalogue.hpp"
#include "util/error.hpp"

namespace tti::key_space {
namespace {

using testing::AllOf;
using testing::HasSubstr;

using Environment = std::map<std::string, std::string>;

settings::Values values(const Environment& environment) {
    return settings::resolve(settings::catalogue(), {}, {}, {environment, "/"}).values;
}

template <typename Make>
std::string refusal(const Make& make) {
    try {
        make();
    } catch (const UsageError& error) {
        return error.what();
    }
    return "";
}

TEST(RedisSettings, AreTheServersOwnByDefault) {
    const auto target = general_target(values({}));
    EXPECT_EQ(target.address, "localhost:6379");
    EXPECT_EQ(target.database, 0);
    EXPECT_FALSE(target.tls.require);
    EXPECT_FALSE(target.failover);
}

TEST(RedisSettings, AreTakenAsTheyStand) {
    const auto target = general_target(values({{"TTN_LW_REDIS_ADDRESS", "redis.example.com:6380"},
                                               {"TTN_LW_REDIS_USERNAME", "stack"},
                                               {"TTN_LW_REDIS_PASSWORD", "word"},
                                               {"TTN_LW_REDIS_DATABASE", "3"},
                                               {"TTN_LW_REDIS_TLS_REQUIRE", "true"},
                                               {"TTN_LW_REDIS_TLS_SERVER_NAME", "name"},
                                               {"TTN_LW_REDIS_FAILOVER_ENABLE", "true"},
                                               {"TTN_LW_REDIS_FAILOVER_ADDRESSES", "s1:26379 s2:26379"},
                                               {"TTN_LW_REDIS_FAILOVER_MASTER_NAME", "mymaster"}}));
    EXPECT_EQ(target.user_name, "stack");
    EXPECT_EQ(target.password.reveal(), "word");
    EXPECT_EQ(target.database, 3);
    EXPECT_TRUE(target.tls.require);
    EXPECT_EQ(target.tls.server_name, "name");
    ASSERT_TRUE(target.failover);
    EXPECT_EQ(target.failover->addresses, (std::vector<std::string>{"s1:26379", "s2:26379"}));
    EXPECT_EQ(target.failover->master_name, "mymaster");
}

TEST(RedisSettings, OfTheCachesAreACopyWhereTheyAreEmptyOrStillAtTheirDefaults) {
    EXPECT_EQ(settings_group(values({}), "cache.redis"), "cache.redis");
    const auto moved = values({{"TTN_LW_REDIS_ADDRESS", "general:1"}});
    EXPECT_EQ(settings_group(moved, "cache.redis"), "redis");
    EXPECT_EQ(cache_target(moved).address, "general:1");
    EXPECT_EQ(events_target(moved).address, "general:1");
    const auto own = values({{"TTN_LW_REDIS_ADDRESS", "general:1"}, {"TTN_LW_CACHE_REDIS_DATABASE", "2"}});
    EXPECT_EQ(cache_target(own).address, "localhost:6379");
    EXPECT_EQ(events_target(own).address, "general:1");
    EXPECT_EQ(settings_group(values({{"TTN_LW_CACHE_REDIS_ADDRESS", ""}}), "cache.redis"), "redis");
    // Options that only the servers use count, too.
    const auto pool = values({{"TTN_LW_REDIS_ADDRESS", "general:1"}, {"TTN_LW_CACHE_REDIS_POOL_SIZE", "20"}});
    EXPECT_EQ(cache_target(pool).address, "localhost:6379");
    EXPECT_EQ(cache_target(values({{"TTN_LW_REDIS_ADDRESS", "general:1"},
                                   {"TTN_LW_CACHE_REDIS_POOL_SIZE", "0"},
                                   {"TTN_LW_CACHE_REDIS_IDLE_TIMEOUT", "0"}}))
                  .address,
              "general:1");
    EXPECT_EQ(settings_group(values({{"TTN_LW_REDIS_POOL_SIZE", "20"}}), "cache.redis"), "redis");
    // Set to what is the default anyway, it is not changed.
    const auto same = values({{"TTN_LW_REDIS_ADDRESS", "localhost:6379"}});
    EXPECT_EQ(settings_group(same, "events.redis"), "events.redis");
}

TEST(RedisSettings, AreRefusedWithTheirSource) {
    const auto refused = [](const Environment& environment) {
        return refusal([&] { general_target(values(environment)); });
    };
    EXPECT_THAT(refused({{"TTN_LW_REDIS_ADDRESS", "localhost"}}),
                AllOf(HasSubstr("option redis.address = \"localhost\" (variable TTN_LW_REDIS_ADDRESS)"),
                      HasSubstr("host:port")));
    EXPECT_THAT(refused({{"TTN_LW_REDIS_ADDRESS", ""}}), HasSubstr("redis.address"));
    EXPECT_THAT(refused({{"TTN_LW_REDIS_DATABASE", "-1"}}), HasSubstr("redis.database = \"-1\""));
    EXPECT_THAT(refused({{"TTN_LW_REDIS_FAILOVER_ENABLE", "true"}}),
                HasSubstr("it needs redis.failover.addresses"));
    EXPECT_THAT(
        refused({{"TTN_LW_REDIS_FAILOVER_ENABLE", "true"}, {"TTN_LW_REDIS_FAILOVER_ADDRESSES", "s:1"}}),
        HasSubstr("it needs redis.failover.master-name"));
    EXPECT_THAT(refused({{"TTN_LW_REDIS_FAILOVER_ENABLE", "true"},
                         {"TTN_LW_REDIS_FAILOVER_ADDRESSES", "s:1 bad"},
                         {"TTN_LW_REDIS_FAILOVER_MASTER_NAME", "m"}}),
                HasSubstr("redis.failover.addresses = \"bad\""));
    EXPECT_THAT(refused({{"TTN_LW_REDIS_TLS_CERTIFICATE", "/c.pem"}}), HasSubstr("redis.tls.certificate"));
    EXPECT_THAT(refused({{"TTN_LW_REDIS_TLS_KEY", "/k.pem"}}), HasSubstr("redis.tls.key"));
}

TEST(RedisSettings, NameWhatOpeningNeeds) {
    const auto names = with_redis_settings({"js.session-key-limit"});
    EXPECT_THAT(names, testing::Contains("redis.tls.root-ca"));
    EXPECT_THAT(names, testing::Contains("tenancy.default-id"));
    EXPECT_THAT(names, testing::Contains("js.session-key-limit"));
    EXPECT_THAT(names, testing::Not(testing::Contains("cache.redis.address")));
}

TEST(Pace, IsReadFromItsOptions) {
    const auto limits = [](const std::vector<settings::FlagText>& flags) {
        return pace_limits(settings::resolve_flags(bulk_options(), flags).values);
    };
    EXPECT_EQ(limits({}).rate, 0);
    EXPECT_EQ(limits({{"rate", "5000/s"}}).rate, 5000);
    EXPECT_EQ(limits({{"rate", "0.5"}}).rate, 0.5);
    EXPECT_EQ(limits({{"max-latency", "5ms"}}).max_latency, std::chrono::milliseconds(5));
    for (const std::string bad : {"0", "-1", "1e3", "fast", "5/m", "", "inf", "nan"}) {
        EXPECT_THAT(refusal([&] { limits({{"rate", bad}}); }), HasSubstr("keys a second")) << bad;
    }
    EXPECT_THAT(refusal([&] { limits({{"max-latency", "0s"}}); }), HasSubstr("above zero"));
}

}  // namespace
}  // namespace tti::key_space
