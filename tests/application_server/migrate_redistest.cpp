#include <gmock/gmock.h>

#include "application_server/migrate.hpp"
#include "application_server/status.hpp"
#include "lorawan/mutex.hpp"
#include "support/lorawan_records.hpp"
#include "support/redis_database.hpp"

namespace tti::application_server {
namespace {

using test::RedisDatabase;
using testing::HasSubstr;

const std::string prefix = "ttn:v3:as:";
const std::string version_key = prefix + "schema-version";

std::string key_of(const std::string& uid) {
    return prefix + "devices:uid:" + uid;
}

// Every third device is of a release before 3.16; every fifth has a pending session too.
class Migrate : public testing::Test {
  protected:
    static test::SampleDevice device(std::size_t number) {
        auto device = test::sample_device(number);
        device.started_at = number % 3 == 0;
        if (number % 5 == 0) device.pending_dev_addr = 0x01020304;
        return device;
    }
    static std::string record(test::SampleDevice device, bool started_at) {
        device.started_at = started_at;
        return test::application_server_record(device).text();
    }
    void fill(std::size_t count) {
        for (std::size_t number = 0; number < count; ++number) {
            const auto one = device(number);
            database.set(key_of(one.uid()), record(one, one.started_at));
            database.set(prefix + "devices:eui:" + one.dev_eui_text() + ":" + one.join_eui_text(), one.uid());
        }
    }
    void expect_migrated(std::size_t count) {
        for (std::size_t number = 0; number < count; ++number) {
            const auto one = device(number);
            EXPECT_EQ(database.get(key_of(one.uid())), record(one, false)) << one.uid();
        }
        EXPECT_EQ(database.get(version_key), "1");
    }
    test::Outcome migrate(const std::vector<settings::FlagText>& flags = {}) {
        return database.run(migrate_command(), flags);
    }

    RedisDatabase database;
};

TEST_F(Migrate, TakesStartedAtOutOfEverySession) {
    fill(1'500);
    const auto outcome = database.must_run(migrate_command());
    expect_migrated(1'500);
    EXPECT_EQ(outcome.data.at("changed"), 500);
    EXPECT_EQ(outcome.data.at("end_devices"), 1'500);
    ASSERT_EQ(outcome.plan.steps.size(), 2U);
    EXPECT_EQ(outcome.plan.steps.front().touches.front().number, 500);
}

TEST_F(Migrate, LeavesNoLocksBehind) {
    fill(30);
    database.must_run(migrate_command());
    EXPECT_EQ(database.connection().call("KEYS", "*:lock")->size(), 0U);
    EXPECT_EQ(database.connection().call("KEYS", "*:list")->size(), 0U);
    EXPECT_EQ(database.state().size(), 61U);
}

TEST_F(Migrate, RecordsTheVersionOfAnEmptyDatabase) {
    const auto outcome = database.must_run(migrate_command());
    EXPECT_EQ(database.get(version_key), "1");
    ASSERT_EQ(outcome.plan.steps.size(), 1U);
    EXPECT_EQ(outcome.plan.steps.front().name, "record_version");
}

TEST_F(Migrate, LooksAgainOnlyWhenAskedTo) {
    database.set(version_key, "1");
    fill(6);
    const auto before = database.state();
    EXPECT_TRUE(database.must_run(migrate_command()).plan.steps.empty());
    EXPECT_EQ(database.state(), before);
    EXPECT_EQ(database.must_run(migrate_command(), {{"force", "true"}}).data.at("changed"), 2);
    expect_migrated(6);
    EXPECT_TRUE(database.must_run(migrate_command(), {{"force", "true"}}).plan.steps.empty());
}

TEST_F(Migrate, RefusesANewerDatabaseAndAVersionThatIsNone) {
    database.set(version_key, "2");
    EXPECT_EQ(migrate().code, ExitCode::newer_database);
    EXPECT_EQ(migrate({{"force", "true"}}).code, ExitCode::newer_database);
    database.set(version_key, "one");
    EXPECT_EQ(migrate().code, ExitCode::refused);
    EXPECT_EQ(database.get(version_key), "one");
}

TEST_F(Migrate, NamesBrokenRecordsAndRecordsNoVersion) {
    fill(9);
    database.set(key_of("app1.broken"), "Cg=");
    database.connection().call("RPUSH", key_of("app1.list"), "x");
    const auto outcome = migrate();
    EXPECT_EQ(outcome.code, ExitCode::partly_failed);
    EXPECT_THAT(outcome.error, HasSubstr("2 end device records cannot be read"));
    EXPECT_THAT(outcome.error, HasSubstr("app1.broken: not base64"));
    EXPECT_THAT(outcome.error, HasSubstr("app1.list: the key is a list, not a string"));
    EXPECT_THAT(outcome.hint, HasSubstr("--skip-broken"));
    EXPECT_EQ(database.get(version_key), "(none)");
    EXPECT_EQ(database.get(key_of("app1.broken")), "Cg=");
    EXPECT_EQ(database.get(key_of(device(0).uid())), record(device(0), false)) << "the others are done";
    EXPECT_EQ(migrate().code, ExitCode::partly_failed) << "a second time too";
}

TEST_F(Migrate, SkipsBrokenRecordsOnceAgreedTo) {
    fill(3);
    database.set(key_of("app1.broken"), "Cg=");
    EXPECT_EQ(migrate({{"skip-broken", "true"}}).code, ExitCode::refused);
    EXPECT_EQ(database.get(version_key), "(none)");
    const auto outcome = migrate({{"skip-broken", "true"}, {"yes", "true"}});
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    expect_migrated(3);
    EXPECT_EQ(outcome.data.at("broken"), 1);
}

TEST_F(Migrate, EstimatesWhatALargeDatabaseHolds) {
    constexpr std::size_t count = 9'000;  // with their indexes more keys than are sampled
    fill(count);
    const auto dry = database.must_run(migrate_command(), {{"dry-run", "true"}});
    EXPECT_EQ(dry.plan.steps.front().touches.front(), (operation::Amount{"end devices", count / 3}));
    EXPECT_TRUE(dry.plan.notes.empty());
    const auto outcome = database.must_run(migrate_command());
    const auto touches = outcome.plan.steps.front().touches.front();
    EXPECT_EQ(touches.what, "end devices (estimate)");
    EXPECT_NEAR(static_cast<double>(touches.number), count / 3, count / 30);
    ASSERT_EQ(outcome.plan.notes.size(), 1U);
    EXPECT_THAT(outcome.plan.notes.front(),
                testing::ContainsRegex("about [0-9]+ of about [0-9]+ end device"));
    EXPECT_EQ(outcome.data.at("end_devices"), count);
    EXPECT_EQ(outcome.data.at("changed"), count / 3);
    expect_migrated(count);
}

TEST_F(Migrate, LooksAtALargeDatabaseEvenWhereTheSampleIsRight) {
    constexpr std::size_t count = 9'000;
    for (std::size_t number = 0; number < count; ++number) {
        const auto one = device(number);
        database.set(key_of(one.uid()), record(one, number == count - 1));
    }
    database.set(key_of("app1.broken"), "Cg=");
    EXPECT_EQ(migrate({{"skip-broken", "true"}}).code, ExitCode::refused);
    const auto outcome = migrate();
    EXPECT_EQ(outcome.code, ExitCode::partly_failed);
    EXPECT_THAT(outcome.error, HasSubstr("app1.broken: not base64"));
    EXPECT_EQ(database.get(key_of(device(count - 1).uid())), record(device(count - 1), false));
    const auto agreed = migrate({{"skip-broken", "true"}, {"yes", "true"}});
    EXPECT_THAT(agreed.plan.confirmation, HasSubstr("although 1 end device record cannot be read"));
    expect_migrated(count);
}

TEST_F(Migrate, ADryRunSendsNoWrite) {
    fill(30);
    const auto before = database.state();
    const auto outcome = database.must_run(migrate_command(), {{"dry-run", "true"}});
    EXPECT_EQ(outcome.plan.steps.front().touches.front().number, 10);
    EXPECT_EQ(database.state(), before);
    EXPECT_EQ(database.connection().call("KEYS", "*:tti:*")->size(), 0U);
}

TEST_F(Migrate, WaitsForARecordThatIsHeld) {
    fill(3);
    // As a server of the stack that was killed: nobody hands over, the lock expires.
    database.connection().call("SET", key_of(device(0).uid()) + ":lock", "somebody", "PX", "1500");
    database.must_run(migrate_command());
    expect_migrated(3);
}

TEST_F(Migrate, StaysWithinTheTenantsNameSpace) {
    const auto one = device(0);
    const auto others = key_of(one.uid());
    database.set(others, record(one, true));
    const auto ours = "ttn:v3:acme:as:devices:uid:" + one.uid();
    database.set(ours, record(one, true));
    database.must_run(migrate_command(), {{"tenant-id", "acme"}});
    EXPECT_EQ(database.get(ours), record(one, false));
    EXPECT_EQ(database.get(others), record(one, true));
    EXPECT_EQ(database.get("ttn:v3:acme:as:schema-version"), "1");
    EXPECT_EQ(database.get(version_key), "(none)");
}

TEST_F(Migrate, StatusTellsWhatIsDue) {
    fill(6);
    database.set(key_of("app1.broken"), "%");
    database.connection().call("RPUSH", prefix + "applicationups:uid:app1.dev1", "x");
    auto status = database.run(status_command());
    EXPECT_EQ(status.code, ExitCode::due);
    EXPECT_EQ(status.data.at("version"), 0);
    EXPECT_EQ(status.data.at("end_devices"), 7);
    EXPECT_EQ(status.data.at("to_change"), 2);
    EXPECT_EQ(status.data.at("broken"), 1);
    EXPECT_EQ(status.data.at("legacy_uplink_lists"), 1);
    EXPECT_THAT(status.text, HasSubstr("next: tti-lw-stack as-db migrate\n"));
    EXPECT_THAT(status.text, HasSubstr("as-db purge"));
    database.set(version_key, "1");
    status = database.run(status_command());
    EXPECT_EQ(status.code, ExitCode::due) << "the stack's own migration records the version all the same";
    EXPECT_THAT(status.text, HasSubstr("as-db migrate --force\n"));
    database.must_run(migrate_command(), {{"force", "true"}, {"skip-broken", "true"}});
    EXPECT_EQ(database.run(status_command()).code, ExitCode::done);
    database.set(version_key, "2");
    EXPECT_EQ(database.run(status_command()).code, ExitCode::newer_database);
}

class Killed : public Migrate, public testing::WithParamInterface<const char*> {};

TEST_P(Killed, EndsAsAnUndisturbedRunOnceRunAgain) {
    constexpr std::size_t count = 3'000;
    fill(count);
    EXPECT_TRUE(database.is_killed("as-db migrate", GetParam()));
    for (std::size_t number = 0; number < count; ++number) {
        const auto one = device(number);
        const auto value = database.get(key_of(one.uid()));
        EXPECT_TRUE(value == record(one, false) || value == record(one, one.started_at)) << one.uid();
    }
    database.connection().call("UNLINK", "ttn:v3:tti:lock:as");  // it would expire
    database.must_run(migrate_command());
    expect_migrated(count);
    EXPECT_EQ(database.state().size(), 2 * count + 1);
}

INSTANTIATE_TEST_SUITE_P(EveryPoint, Killed,
                         testing::Values("before step", "as-db migrate batch read",
                                         "as-db migrate batch read:3", "as-db migrate batch written",
                                         "as-db migrate batch written:4", "safe point:3", "after step",
                                         "before step:2", "version written", "after step:2"));

}  // namespace
}  // namespace tti::application_server
