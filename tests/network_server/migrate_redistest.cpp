#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "network_server/migrate.hpp"
#include "network_server/network.hpp"

namespace tti::network_server::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

class Migrate : public testing::Test {
  protected:
    Outcome run(const std::vector<settings::FlagText>& flags = {}) {
        return database_.run(migrate_command(), flags);
    }
    void must_run(const std::vector<settings::FlagText>& flags = {}) {
        const auto outcome = run(flags);
        ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    }
    // The record alone, as if its index had never been.
    void put_record(const Device& device) { database_.set(key("uid:" + device.uid), record_of(device)); }
    void expect_index_right() {
        const auto outcome = run({{"rebuild-index", "true"}, {"dry-run", "true"}});
        EXPECT_THAT(outcome.plan.notes, Contains(HasSubstr("has 0 differences"))) << outcome.error;
    }
    std::string version() { return database_.get("ttn:v3:ns:devices:schema-version"); }
    template <typename... Words>
    void call(const Words&... words) {
        database_.connection().call(words...);
    }

    RedisDatabase database_;
    const Device device_{
        .uid = "app1.dev1", .address = 0x26000001, .pending_address = 0x26000002, .frames = 70000};
    const std::string current_ = key("addr:26000001:current");
};

TEST_F(Migrate, RecordsVersionsInAFreshDatabase) {
    const auto outcome = run();
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_THAT(outcome.plan.notes, Contains(HasSubstr("only the versions are recorded")));
    EXPECT_EQ(version(), "1");
    EXPECT_EQ(database_.get("ttn:v3:ns:application-uplinks:schema-version"), "1");
    EXPECT_EQ(run().plan.steps.size(), 0U);
}

TEST_F(Migrate, ADryRunWritesNothing) {
    put_record(device_);
    call("SADD", key("addr:26000001"), device_.uid);
    const auto before = database_.state();
    const auto outcome = run({{"dry-run", "true"}});
    EXPECT_EQ(outcome.plan.steps.size(), 2U);
    EXPECT_EQ(database_.state(), before);
}

TEST_F(Migrate, ConvertsAddressSetsOfBefore310) {
    put_record(device_);
    call("SADD", key("addr:26000001"), device_.uid, "app1.gone");
    call("SADD", key("addr:26000002"), device_.uid);
    must_run();
    EXPECT_FALSE(database_.exists(key("addr:26000001")));
    EXPECT_FALSE(database_.exists(key("addr:26000002")));
    EXPECT_EQ(database_.connection().call("ZSCORE", current_, device_.uid)->text(),
              std::to_string(70000 & 0xFFFF));
    expect_index_right();
    EXPECT_EQ(version(), "1");
}

TEST_F(Migrate, ConvertsCountersOf310) {
    const Device other{.uid = "app1.dev2", .address = 0x26000001, .frames = 9};
    put_record(device_);
    put_record(other);
    call("ZADD", key("addr:26000001:16bit"), "9", other.uid);
    call("ZADD", key("addr:26000001:32bit"), "70000", device_.uid, "5", "app1.gone");
    call("HSET", key("uid:app1.dev1:fields"), "a", "b");
    call("SADD", key("addr:26000002:pending"), device_.uid, "app1.gone");
    must_run();
    for (const auto* old :
         {"addr:26000001:16bit", "addr:26000001:32bit", "uid:app1.dev1:fields", "addr:26000002"}) {
        EXPECT_FALSE(database_.exists(key(old))) << old;
    }
    EXPECT_EQ(database_.connection().call("TYPE", key("addr:26000002:pending"))->text(), "zset");
    EXPECT_EQ(database_.connection().call("ZCARD", current_)->integer(), 2);
    expect_index_right();
}

TEST_F(Migrate, RewritesSnapshotsOf311) {
    put_record(device_);
    call("ZADD", current_, "4464", device_.uid, "1", "app1.gone");
    // {"LoRaWANVersion": 5}
    const std::string old = "\x81\xaeLoRaWANVersion\x05";
    call("HSET", current_ + ":fields", device_.uid, old, "app1.gone", old);
    must_run();
    EXPECT_EQ(database_.connection().call("HLEN", current_ + ":fields")->integer(), 1);
    EXPECT_EQ(database_.connection().call("ZCARD", current_)->integer(), 1);
    EXPECT_NE(database_.connection().call("HGET", current_ + ":fields", device_.uid)->text(), old);
}

TEST_F(Migrate, LeavesOtherTypesAlone) {
    database_.set(key("uid:app1.dev1:fields"), "a string");
    must_run();
    EXPECT_TRUE(database_.exists(key("uid:app1.dev1:fields")));
}

TEST_F(Migrate, ListsWhatFailsAndRecordsNoVersion) {
    database_.set(key("uid:app1.bad"), "!!!");
    put_record(device_);
    call("SADD", key("addr:26000001"), "app1.bad", device_.uid);
    const auto outcome = run();
    EXPECT_EQ(outcome.code, ExitCode::partly_failed);
    EXPECT_THAT(outcome.error, HasSubstr("app1.bad"));
    EXPECT_EQ(version(), "(none)");
    EXPECT_TRUE(database_.exists(key("addr:26000001")));
    EXPECT_EQ(database_.connection().call("ZCARD", current_)->integer(), 1);
    put_record({.uid = "app1.bad"});
    must_run();
    EXPECT_EQ(version(), "1");
    EXPECT_FALSE(database_.exists(key("addr:26000001")));
}

TEST_F(Migrate, RemovesLastInvalidations) {
    const std::string below = "ttn:v3:ns:application-uplinks:";
    database_.set(below + "uid:app1.dev1:last-invalidation", "17");
    database_.set(below + "uid:app1:uplinks", "stays");
    must_run();
    EXPECT_FALSE(database_.exists(below + "uid:app1.dev1:last-invalidation"));
    EXPECT_TRUE(database_.exists(below + "uid:app1:uplinks"));
}

TEST_F(Migrate, RefusesANewerDatabase) {
    database_.set("ttn:v3:ns:devices:schema-version", "2");
    EXPECT_EQ(run().code, ExitCode::newer_database);
    EXPECT_EQ(run({{"force", "true"}}).code, ExitCode::newer_database);
}

TEST_F(Migrate, ForceLooksAgain) {
    must_run();
    put_record(device_);
    call("SADD", key("addr:26000001"), device_.uid);
    must_run();
    EXPECT_TRUE(database_.exists(key("addr:26000001")));
    must_run({{"force", "true"}});
    EXPECT_FALSE(database_.exists(key("addr:26000001")));
    EXPECT_EQ(run({{"force", "true"}}).plan.steps.size(), 0U);
}

TEST_F(Migrate, WaitsForWhoHoldsTheMutex) {
    put_record(device_);
    call("SADD", key("addr:26000001"), device_.uid);
    call("SET", key("uid:app1.dev1:lock"), "somebody", "PX", "1500");
    const auto start = std::chrono::steady_clock::now();
    must_run();
    EXPECT_GT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
    EXPECT_FALSE(database_.exists(key("addr:26000001")));
}

}  // namespace
}  // namespace tti::network_server::test
