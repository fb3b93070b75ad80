#include <thread>

#include <gmock/gmock.h>

#include "identity_server/cleanup.hpp"
#include "identity_server/cleanup_expectation.hpp"
#include "identity_server/cleanup_fixture.hpp"
#include "identity_server/tenants.hpp"

namespace tti::identity_server::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Cleanup, TakesEverythingOfTheExpiredAndNothingElse) {
    const Filled filled;
    const Expectation expectation(filled.database);
    EXPECT_NE(expectation.differences(), "");
    const auto outcome = filled.cleanup();
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(expectation.differences(), "");
    EXPECT_EQ(outcome.data["tenants"]["default"]["rows"]["applications"], Filled::expired);
    EXPECT_EQ(outcome.data["tenants"]["default"]["rows"]["end_devices"], 2 * Filled::expired);
    EXPECT_THAT(outcome.text, HasSubstr("is-db restore --from="));
}

TEST(Cleanup, WithoutAnUndoFileTakesTheSame) {
    const Filled filled;
    const Expectation expectation(filled.database);
    const auto outcome = filled.database.must_run(cleanup_command(), {{"yes", "true"}, {"no-undo", "true"}});
    EXPECT_EQ(expectation.differences(), "");
    EXPECT_THAT(filled.undo_files(), IsEmpty());
    EXPECT_TRUE(outcome.plan.steps.at(0).undo.empty());
}

TEST(Cleanup, DoesWhatThePlanSaid) {
    const Filled filled;
    const auto outcome = filled.cleanup();
    operation::Amounts planned;
    for (const auto& step : outcome.plan.steps) {
        EXPECT_TRUE(step.destroys);
        EXPECT_EQ(step.lock, operation::Lock::rows);
        for (const auto& amount : step.touches) {
            add(planned, amount.what, amount.number);
        }
    }
    const auto& rows = outcome.data["tenants"]["default"]["rows"];
    EXPECT_EQ(rows.size(), planned.size());
    for (const auto& amount : planned) {
        EXPECT_EQ(rows.value(amount.what, 0), amount.number) << amount.what;
    }
}

TEST(Cleanup, ASecondRunHasNothingToDo) {
    const Filled filled;
    EXPECT_EQ(filled.cleanup().code, ExitCode::done);
    const auto before = filled.digest();
    const auto again = filled.cleanup();
    EXPECT_EQ(again.data["outcome"], "nothing to do");
    EXPECT_THAT(again.text, HasSubstr("nothing to do"));
    EXPECT_EQ(filled.digest(), before);
    EXPECT_EQ(filled.undo_files().size(), 1U);
}

TEST(Cleanup, ADryRunWritesNothing) {
    const Filled filled;
    const auto before = filled.digest();
    const auto outcome = filled.cleanup({{"dry-run", "true"}});
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_THAT(outcome.plan.steps.at(0).touches,
                Contains(operation::Amount{"api_keys", 2 * Filled::expired}));
    EXPECT_EQ(filled.digest(), before);
    EXPECT_THAT(filled.undo_files(), IsEmpty());
}

TEST(Cleanup, NeedsAnAnswer) {
    const Filled filled;
    const auto before = filled.digest();
    const auto outcome = filled.database.run(cleanup_command(), {{"undo-to", filled.folder.string()}});
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.error, AllOf(HasSubstr("12 applications"), HasSubstr("deleted for good")));
    EXPECT_THAT(outcome.hint, HasSubstr("--yes"));
    EXPECT_EQ(filled.digest(), before);
}

TEST(Cleanup, StopsAtMaxDeleteBeforeAnythingIsGone) {
    const Filled filled;
    const auto before = filled.digest();
    for (const char* limit : {"11", "39%", "0"}) {
        const auto outcome = filled.cleanup({{"max-delete", limit}});
        EXPECT_EQ(outcome.code, ExitCode::refused) << limit;
        EXPECT_THAT(outcome.error, HasSubstr("12 of 30 rows of applications would go")) << limit;
    }
    EXPECT_EQ(filled.digest(), before);
    EXPECT_EQ(filled.cleanup({{"max-delete", "12"}}).code, ExitCode::done);
}

TEST(Cleanup, AnEntityThatIsBeingRestoredStays) {
    const Filled filled;
    util::NeverStop stop;
    postgres::Connection stack(*postgres::Uri::parse(filled.database.uri()), {.context = "stack"}, stop);
    stack.execute(
        "BEGIN; UPDATE applications SET deleted_at = NULL WHERE application_id = 'application-3';"
        " UPDATE accounts SET deleted_at = NULL WHERE uid = 'user-4'; UPDATE users SET deleted_at = NULL "
        "WHERE id ="
        " (SELECT account_id FROM accounts WHERE uid = 'user-4')");
    const std::string of_both =
        "SELECT (SELECT count(*) FROM end_devices WHERE application_id = 'application-3'), (SELECT count(*) "
        "FROM api_keys k JOIN"
        " accounts a ON a.account_id = k.entity_id WHERE a.uid = 'user-4'), (SELECT count(*) FROM "
        "applications WHERE"
        " application_id = 'application-3')";
    const auto before = filled.database.rows(of_both);
    Outcome outcome;
    // It counts both as expired, and waits for their locks.
    std::jthread cleanup([&] { outcome = filled.cleanup(); });
    const std::string waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = "
        "current_database()";
    for (int tries = 0; filled.database.rows(waiting) == "0\n"; ++tries) {
        ASSERT_LT(tries, 500);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    stack.execute("COMMIT");
    cleanup.join();
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(filled.database.rows(of_both), before);
    EXPECT_EQ(outcome.data["tenants"]["default"]["rows"]["applications"], Filled::expired - 1);
    EXPECT_EQ(outcome.data["tenants"]["default"]["rows"]["users"], Filled::expired - 1);
    EXPECT_THAT(outcome.logs, Contains(HasSubstr("1 users were restored meanwhile")));
}

TEST(Cleanup, AUserWithALiveAccountStays) {
    const Filled filled;
    filled.database.execute(
        "UPDATE accounts SET deleted_at = NULL WHERE uid IN ('user-1', 'organization-2')");
    EXPECT_EQ(filled.cleanup().code, ExitCode::done);
    EXPECT_EQ(filled.database.rows("SELECT count(*) FROM user_accounts WHERE account_uid = 'user-1'"), "1\n");
    EXPECT_EQ(filled.database.rows(
                  "SELECT count(*) FROM organization_accounts WHERE account_uid = 'organization-2'"),
              "1\n");
}

TEST(Cleanup, APictureThatIsStillShownStays) {
    const Filled filled;
    filled.database.execute(
        "UPDATE users u SET profile_picture_id = o.profile_picture_id FROM users o, accounts a, accounts b "
        "WHERE a.uid ="
        " 'user-20' AND a.account_id = u.id AND b.uid = 'user-1' AND b.account_id = o.id");
    EXPECT_EQ(filled.cleanup().code, ExitCode::done);
    EXPECT_EQ(
        filled.database.rows(
            "SELECT count(p.id) FROM users u JOIN accounts a ON a.account_id = u.id LEFT JOIN pictures p ON"
            " p.id = u.profile_picture_id WHERE a.uid = 'user-20'"),
        "1\n");
}

TEST(Cleanup, DatabasesThatAreNotUpToDateAreRefused) {
    const Database empty;
    const auto nothing = empty.must_run(cleanup_command(), {{"no-undo", "true"}});
    EXPECT_EQ(nothing.data["outcome"], "nothing to do");
    EXPECT_THAT(nothing.plan.notes, Contains(HasSubstr("has no tables")));
    empty.must_run(migrate_command());
    EXPECT_EQ(empty.must_run(cleanup_command(), {{"no-undo", "true"}}).data["outcome"], "nothing to do");
    empty.execute("DELETE FROM bun_migrations WHERE name = '20240806000000'");
    EXPECT_EQ(empty.run(cleanup_command(), {{"no-undo", "true"}}).code, ExitCode::due);
    empty.execute(
        "INSERT INTO bun_migrations (name, group_id) VALUES ('20240806000000', 1), ('20990101000000', 2)");
    EXPECT_EQ(empty.run(cleanup_command(), {{"no-undo", "true"}}).code, ExitCode::newer_database);
}

TEST(Cleanup, TenantsAreApart) {
    const Filled filled;
    filled.database.must_run(create_tenant_command(), {{"id", "acme"}});
    filled.database.execute("SET search_path TO tenant_acme; " + filled_database(4, 1, 2));
    const auto before = filled.digest();
    const auto one = filled.cleanup({{"tenant-id", "acme"}});
    EXPECT_EQ(one.code, ExitCode::done) << one.error;
    EXPECT_EQ(filled.digest(), before);
    EXPECT_EQ(filled.database.rows("SELECT count(*) FROM tenant_acme.applications"), "3\n");
    filled.database.execute("UPDATE tenant_acme.gateways SET deleted_at = now() - interval '2 days'");
    const auto all = filled.cleanup({{"all-tenants", "true"}});
    EXPECT_EQ(all.code, ExitCode::done) << all.error;
    EXPECT_EQ(all.data["tenants"]["acme"]["rows"]["gateways"], 3);
    EXPECT_EQ(all.data["tenants"]["default"]["rows"]["gateways"], Filled::expired);
    EXPECT_EQ(filled.undo_files().size(), 3U);
}

}  // namespace
}  // namespace tti::identity_server::test
