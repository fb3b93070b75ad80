#include <gmock/gmock.h>

#include "join_server/migrate.hpp"
#include "join_server/session_key_fixture.hpp"
#include "join_server/status.hpp"

namespace tti::join_server::test {
namespace {

using testing::HasSubstr;

// Of every three devices: one with too many session keys, one with few, one that is gone.
class Migrate : public SessionKeyTest {
  protected:
    void fill(std::size_t count) {
        for (std::size_t device = 0; device < count; ++device) {
            add_keys(device, keys_of(device));
            if (device % 3 != 2) add_device(device);
        }
    }
    static std::size_t keys_of(std::size_t device) { return device % 3 == 0 ? 13 : 4; }
    void expect_migrated(std::size_t count) {
        for (std::size_t device = 0; device < count; ++device) {
            if (device % 3 == 2) expect_gone(device);
            if (device % 3 != 2) expect_newest(device, keys_of(device), 10);
        }
        EXPECT_EQ(database.get(version_key), "1");
    }
};

TEST_F(Migrate, KeepsTheNewestAndListsThem) {
    fill(300);
    const auto outcome = database.must_run(migrate_command());
    expect_migrated(300);
    EXPECT_EQ(outcome.data.at("session_keys_removed"), 300 + 400);
    EXPECT_EQ(outcome.data.at("lists_written"), 200);
    EXPECT_EQ(outcome.data.at("orphans"), 100);
    EXPECT_EQ(outcome.plan.steps.front().touches,
              (operation::Amounts{{"session keys without an end device", 400},
                                  {"session keys over the limit", 300},
                                  {"lists of session keys", 200}}));
    EXPECT_EQ(database.connection().call("KEYS", "*:lock")->size(), 0U);
    EXPECT_EQ(database.connection().call("KEYS", "*:list")->size(), 0U);
}

TEST_F(Migrate, WritesNothingWhereAllIsRight) {
    fill(30);
    database.must_run(migrate_command());
    const auto before = database.state();
    const auto outcome = database.must_run(migrate_command(), {{"force", "true"}});
    EXPECT_TRUE(outcome.plan.steps.empty());
    EXPECT_EQ(database.state(), before);
}

TEST_F(Migrate, SortsByBytesAndNotByText) {
    add_device(1);
    // In text "+" comes before "A", in bytes after "9".
    const std::vector<std::string> ids{"AAAA", "ZAAA", "aAAA", "zAAA", "0AAA", "9AAA", "+AAA", "/AAA"};
    for (const auto& id : ids) database.set(session_key(euis(1), id), "x");
    database.must_run(migrate_command(), {{"js.session-key-limit", "5"}});
    EXPECT_EQ(database.list(list_key(euis(1))), std::vector(ids.begin() + 3, ids.end()));
    EXPECT_FALSE(database.exists(session_key(euis(1), "aAAA")));
}

TEST_F(Migrate, MendsWrongListsAndDropsWhatIsListedWithoutAKey) {
    for (std::size_t device = 0; device < 4; ++device) add_device(device);
    add_keys(0, 3);  // one is not listed, one is listed twice, one does not exist
    database.connection().call("RPUSH", list_key(euis(0)), id_of(0, 1), id_of(0, 1), id_of(0, 7),
                               id_of(0, 0));
    add_keys(1, 3);  // right already
    database.connection().call("RPUSH", list_key(euis(1)), id_of(1, 0), id_of(1, 1), id_of(1, 2));
    database.connection().call("RPUSH", list_key(euis(2)), id_of(2, 0));  // no session key is left
    database.connection().call("RPUSH", list_key(euis(9)), id_of(9, 0));  // nor a device
    const auto outcome = database.must_run(migrate_command());
    expect_newest(0, 3, 10);
    expect_newest(1, 3, 10);
    EXPECT_FALSE(database.exists(list_key(euis(2))));
    EXPECT_FALSE(database.exists(list_key(euis(9))));
    EXPECT_EQ(outcome.plan.steps.front().touches, (operation::Amounts{{"lists of session keys", 3}}));
}

TEST_F(Migrate, RemovesThousandsOfOneDevice) {
    add_device(0);
    for (std::size_t device : {0U, 1U}) {
        for (std::size_t number = 0; number < 3'000; ++number) {
            database.set(session_key(euis(device), id_of(device, number)), "x");
        }
    }
    database.must_run(migrate_command());
    expect_newest(0, 3'000, 10);
    expect_gone(1);
}

TEST_F(Migrate, TouchesNothingWithALimitOfZero) {
    fill(6);
    const auto before = database.state();
    const auto outcome = database.must_run(migrate_command(), {{"js.session-key-limit", "0"}});
    auto after = database.state();
    EXPECT_EQ(after.erase(version_key), 1U);
    EXPECT_EQ(after, before);
    EXPECT_EQ(outcome.plan.steps.size(), 1U);
    EXPECT_EQ(database.run(migrate_command(), {{"js.session-key-limit", "-1"}}).code, ExitCode::usage);
}

TEST_F(Migrate, NamesWhatIsNoSessionKeyAndRecordsNoVersion) {
    fill(3);
    database.set(session_key(euis(0), "AAAAA"), "x");
    database.set(session_key(euis(0), "AB"), "x");
    database.set(list_key(euis(1)), "no list");
    auto outcome = database.run(migrate_command());
    EXPECT_EQ(outcome.code, ExitCode::partly_failed);
    EXPECT_THAT(outcome.error, HasSubstr("3 session key records"));
    EXPECT_THAT(outcome.error, HasSubstr(euis(0) + ":AAAAA: the session key ID is not base64"));
    EXPECT_THAT(outcome.error, HasSubstr(euis(0) + ":AB: the session key ID is not as the stack writes it"));
    EXPECT_THAT(outcome.error, HasSubstr(euis(1) + ": WRONGTYPE"));
    EXPECT_EQ(database.get(version_key), "(none)");
    expect_newest(0, 13, 10);
    EXPECT_EQ(database.get(list_key(euis(1))), "no list");
    EXPECT_EQ(database.run(migrate_command(), {{"skip-broken", "true"}}).code, ExitCode::refused);
    outcome = database.run(migrate_command(), {{"skip-broken", "true"}, {"yes", "true"}});
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(database.get(version_key), "1");
}

TEST_F(Migrate, WaitsForAListThatIsHeld) {
    fill(3);
    database.connection().call("SET", list_key(euis(0)) + ":lock", "somebody", "PX", "1500");
    database.must_run(migrate_command());
    expect_migrated(3);
}

TEST_F(Migrate, ADryRunSendsNoWrite) {
    fill(30);
    const auto before = database.state();
    const auto outcome = database.must_run(migrate_command(), {{"dry-run", "true"}});
    EXPECT_FALSE(outcome.plan.steps.empty());
    EXPECT_EQ(database.state(), before);
}

TEST_F(Migrate, RefusesANewerDatabase) {
    database.set(version_key, "2");
    fill(3);
    const auto before = database.state();
    EXPECT_EQ(database.run(migrate_command(), {{"force", "true"}}).code, ExitCode::newer_database);
    EXPECT_EQ(database.state(), before);
}

TEST_F(Migrate, StatusTellsWhatIsDue) {
    fill(6);
    auto status = database.run(status_command());
    EXPECT_EQ(status.code, ExitCode::due);
    EXPECT_EQ(status.data.at("end_devices"), 4);
    EXPECT_EQ(status.data.at("session_keys"), 2 * (13 + 4 + 4));
    EXPECT_EQ(status.data.at("over_limit"), 6);
    EXPECT_EQ(status.data.at("orphaned_session_keys"), 8);
    EXPECT_EQ(status.data.at("lists_to_write"), 4);
    EXPECT_THAT(status.text, HasSubstr("next: tti-lw-stack js-db migrate\n"));
    database.must_run(migrate_command());
    EXPECT_EQ(database.run(status_command()).code, ExitCode::done);
    add_keys(50, 1);
    status = database.run(status_command());
    EXPECT_EQ(status.code, ExitCode::due);
    EXPECT_THAT(status.text, HasSubstr("js-db migrate --force\n"));
}

class Killed : public Migrate, public testing::WithParamInterface<const char*> {};

TEST_P(Killed, EndsAsAnUndisturbedRunOnceRunAgain) {
    constexpr std::size_t count = 900;
    fill(count);
    EXPECT_TRUE(database.is_killed("js-db migrate --rate 1300/s", GetParam()));
    database.connection().call("UNLINK", "ttn:v3:tti:lock:js");  // it would expire
    database.must_run(migrate_command());
    expect_migrated(count);
}

INSTANTIATE_TEST_SUITE_P(EveryPoint, Killed,
                         testing::Values("before step", "js-db migrate batch read",
                                         "js-db migrate batch read:3", "js-db migrate batch written",
                                         "js-db migrate batch written:3", "safe point:2", "after step",
                                         "before step:2", "version written", "after step:2"));

}  // namespace
}  // namespace tti::join_server::test
