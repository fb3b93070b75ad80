#include "doctor/redis_judgement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tti::doctor {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(JudgeRedisVersion, RefusesWhatTheStackDoes) {
    EXPECT_THAT(judge_redis_version({{"redis_version", "6.2.0"}}), IsEmpty());
    EXPECT_THAT(judge_redis_version({{"redis_version", "6.0.16"}}), SizeIs(1));
    EXPECT_THAT(judge_redis_version({{"redis_version", "7.2.4"}, {"cluster_enabled", "1"}}), SizeIs(1));
    EXPECT_THAT(judge_redis_version({{"redis_version", "7.2.4"}, {"redis_mode", "cluster"}}), SizeIs(1));
}

TEST(JudgeEviction, NeedsALimit) {
    EXPECT_THAT(judge_eviction({{"maxmemory", "0"}, {"maxmemory_policy", "allkeys-lru"}}), IsEmpty());
    EXPECT_THAT(judge_eviction({{"maxmemory", "1000"}, {"maxmemory_policy", "noeviction"}}), IsEmpty());
    // Keys that expire are evicted by it too: locks, deduplication.
    EXPECT_THAT(judge_eviction({{"maxmemory", "1000"}, {"maxmemory_policy", "volatile-lru"}}), SizeIs(1));
}

TEST(JudgePersistence, TellsNothingFromSnapshotsAndFromWhatIsHidden) {
    const InfoFields off{{"aof_enabled", "0"}, {"rdb_last_bgsave_status", "ok"}};
    EXPECT_EQ(judge_persistence(off, "").at(0).severity, Severity::error);
    EXPECT_EQ(judge_persistence(off, "3600 1").at(0).severity, Severity::note);
    EXPECT_EQ(judge_persistence(off, std::nullopt).at(0).severity, Severity::note);
    EXPECT_THAT(judge_persistence({{"aof_enabled", "1"}}, ""), IsEmpty());
    for (const auto* field :
         {"rdb_last_bgsave_status", "aof_last_bgrewrite_status", "aof_last_write_status"}) {
        const auto found = judge_persistence({{"aof_enabled", "1"}, {field, "err"}}, "");
        ASSERT_THAT(found, SizeIs(1)) << field;
        EXPECT_EQ(found[0].severity, Severity::error);
    }
}

TEST(JudgeMemory, WarnsBeforeItIsFull) {
    EXPECT_THAT(judge_memory({{"used_memory", "899"}, {"maxmemory", "1000"}}), IsEmpty());
    EXPECT_THAT(judge_memory({{"used_memory", "899"}, {"maxmemory", "0"}}), IsEmpty());
    EXPECT_EQ(judge_memory({{"used_memory", "900"}, {"maxmemory", "1000"}}).at(0).severity,
              Severity::warning);
    EXPECT_EQ(judge_memory({{"used_memory", "1001"}, {"maxmemory", "1000"}}).at(0).severity, Severity::error);
}

TEST(JudgeReplication, MeasuresEachReplica) {
    const auto primary = [](const std::string& replica) {
        return InfoFields{{"role", "master"}, {"master_repl_offset", "30000000"}, {"slave0", replica}};
    };
    EXPECT_THAT(
        judge_replication(primary("ip=10.0.0.2,port=6379,state=online,offset=29999000,lag=1"), "redis"),
        IsEmpty());
    EXPECT_THAT(
        judge_replication(primary("ip=10.0.0.2,port=6379,state=online,offset=30000000,lag=11"), "redis"),
        SizeIs(1));
    EXPECT_THAT(judge_replication(primary("ip=10.0.0.2,port=6379,state=wait_bgsave,offset=0,lag=0"), "redis"),
                SizeIs(1));
    const auto found =
        judge_replication(primary("ip=10.0.0.2,port=6379,state=online,offset=10000000,lag=0"), "redis");
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_THAT(found[0].evidence, HasSubstr("10.0.0.2:6379 is online, 20000000 bytes"));
}

TEST(JudgeReplication, RefusesAReplicaInTheSettings) {
    const auto found = judge_replication({{"role", "slave"},
                                          {"master_host", "10.0.0.1"},
                                          {"master_port", "6379"},
                                          {"master_link_status", "down"}},
                                         "cache.redis");
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_THAT(found[0].evidence,
                HasSubstr("cache.redis is a replica of 10.0.0.1:6379, whose link is down"));
}

TEST(MostCommonNameSpace, IsWhatStandsBeforeTheStacksOwnParts) {
    using Keys = std::vector<std::string>;
    EXPECT_EQ(most_common_name_space(Keys{"a:b:ns:devices:uid:app.dev", "a:b:js:devices:uid:app.dev",
                                          "ttn:v3:as:devices:uid:app.dev", "cache:1"}),
              "a:b");
    EXPECT_EQ(most_common_name_space(Keys{"cache:1", "session:2"}), "");
    EXPECT_EQ(most_common_name_space(Keys{"ttn:v3:tti:journal"}), "") << "our own keys are everywhere";
}

}  // namespace
}  // namespace tti::doctor
