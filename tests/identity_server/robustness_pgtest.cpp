#include <cstdlib>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "identity_server/fixture.hpp"
#include "identity_server/migrate.hpp"
#include "identity_server/status.hpp"

namespace tti::identity_server::test {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

// The real program in a process of its own; 128 + N when signal N ended it.
int program(const Database& database, const std::string& arguments, const std::string& variables = "") {
    const std::string command = "TTN_LW_IS_DATABASE_URI='" + database.uri() + "' " + variables +
                                " " TTI_BINARY " " + arguments + " >/dev/null 2>&1";
    const int status = std::system(command.c_str());
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

constexpr int killed = 128 + SIGKILL;

// What an undisturbed run leaves, object by object and mark by mark.
std::string complete_state(const Database& database) {
    return database.rows(
               "SELECT table_name, column_name, data_type, is_nullable, column_default FROM "
               "information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2") +
           database.rows(
               "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1") +
           database.rows("SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1") +
           database.rows("SELECT name FROM bun_migrations ORDER BY name");
}

const std::string& undisturbed() {
    static const std::string state = [] {
        const Database database;
        database.must_run(migrate_command());
        return complete_state(database);
    }();
    return state;
}

class KilledAt : public testing::TestWithParam<const char*> {};

TEST_P(KilledAt, EveryMigrationIsContinuedByTheSameCommand) {
    for (std::size_t count = 1; count <= migrations().size(); ++count) {
        const Database database;
        const auto where = std::string(GetParam()) + ":" + std::to_string(count);
        ASSERT_EQ(program(database, "is-db migrate", "TTI_LW_FAIL_AT='" + where + "'"), killed) << where;
        EXPECT_THAT(database.run(history_command()).text, HasSubstr("killed"));
        ASSERT_EQ(program(database, "is-db migrate"), 0) << where;
        EXPECT_EQ(complete_state(database), undisturbed()) << where;
    }
}

INSTANTIATE_TEST_SUITE_P(Points, KilledAt,
                         testing::Values("before migration", "inside migration", "after migration"));

TEST(Killed, BetweenBuildingAnIndexAndSwappingIt) {
    for (const auto* where : {"index built:1", "index built:2"}) {
        const Database database;
        database.must_run(migrate_command(), {{"target", "20220520000000"}});
        database.execute(
            "INSERT INTO users (created_at, updated_at, primary_email_address, password, "
            "password_updated_at, "
            "require_password_update, state, admin) SELECT now(), now(), n || '@example.com', '', now(), "
            "false, 1, false "
            "FROM generate_series(1, 1200) AS n; INSERT INTO gateways (created_at, updated_at, gateway_id, "
            "gateway_eui, "
            "auto_update, status_public, location_public, schedule_downlink_late, enforce_duty_cycle) SELECT "
            "now(), "
            "now(), 'gateway-' || n, lpad(to_hex(n), 16, '0'), true, true, true, true, true FROM "
            "generate_series(1, 1200) "
            "AS n");
        ASSERT_EQ(program(database, "is-db migrate", "TTI_LW_FAIL_AT='" + std::string(where) + "'"), killed);
        ASSERT_EQ(program(database, "is-db migrate"), 0);
        EXPECT_EQ(complete_state(database), undisturbed());
    }
}

TEST(TwoAtOnce, OneWorksAndTheOtherWaitsOrLeaves) {
    for (const std::string wait : {"", " --wait 1m"}) {
        const Database database;
        int first = -1;
        int second = -1;
        std::thread other([&] { first = program(database, "is-db migrate" + wait); });
        second = program(database, "is-db migrate" + wait);
        other.join();
        if (wait.empty()) {
            EXPECT_THAT(first, AnyOf(0, static_cast<int>(ExitCode::locked)));
            EXPECT_THAT(second, AnyOf(0, static_cast<int>(ExitCode::locked)));
            EXPECT_EQ(std::min(first, second), 0);
        } else {
            EXPECT_EQ(first, 0);
            EXPECT_EQ(second, 0);
        }
        EXPECT_EQ(complete_state(database), undisturbed());
    }
}

TEST(TwoAtOnce, TheHolderIsNamed) {
    const Database database;
    std::thread holder(
        [&] { EXPECT_EQ(program(database, "is-db migrate", "TTI_LW_PAUSE_AT='inside migration:5'"), 0); });
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    const auto outcome = database.run(migrate_command());
    EXPECT_EQ(outcome.code, ExitCode::locked);
    EXPECT_THAT(outcome.error, HasSubstr("process "));
    EXPECT_THAT(outcome.error, HasSubstr("is-db migrate"));
    EXPECT_THAT(outcome.error, HasSubstr("at step 20220"));
    holder.join();
}

TEST(Interrupted, StopsAtASafePointAndTheSameCommandContinues) {
    const Database database;
    const int code =
        program(database, "is-db migrate >/dev/null 2>&1 & child=$!; sleep 1; kill -INT $child; wait $child",
                "TTI_LW_PAUSE_AT='inside migration:5'");
    EXPECT_EQ(code, static_cast<int>(ExitCode::interrupted));
    EXPECT_THAT(database.run(history_command()).text, HasSubstr("interrupted"));
    ASSERT_EQ(program(database, "is-db migrate"), 0);
    EXPECT_EQ(complete_state(database), undisturbed());
}

}  // namespace
}  // namespace tti::identity_server::test
