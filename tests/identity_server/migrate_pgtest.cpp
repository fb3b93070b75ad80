#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity_server/drift.hpp"
#include "identity_server/fixture.hpp"
#include "identity_server/migrate.hpp"
#include "identity_server/status.hpp"
#include "identity_server/tenants.hpp"

namespace tti::identity_server::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string names_applied(const Database& database, const std::string& schema = "public") {
    return database.rows("SELECT string_agg(name, ' ' ORDER BY id) FROM " + schema + ".bun_migrations");
}

std::string all_names() {
    std::string text;
    for (const auto& migration : migrations())
        text += (text.empty() ? "" : " ") + std::string(migration.name);
    return text + "\n";
}

// Verified against the list in the repository, which no migration reads.
void expect_final_schema(const Database& database) {
    const auto verified = database.run(verify_command());
    EXPECT_EQ(verified.code, ExitCode::done) << verified.text;
    EXPECT_THAT(verified.data["differences"], IsEmpty()) << verified.text;
    EXPECT_EQ(
        database.rows(
            "SELECT count(*) FROM information_schema.columns c JOIN information_schema.tables t "
            "USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"),
        "294\n");
    EXPECT_EQ(database.rows(
                  "SELECT count(*), count(*) FILTER (WHERE indexdef LIKE 'CREATE UNIQUE%') FROM pg_indexes "
                  "WHERE schemaname = 'public'"),
              "93|49\n");
    EXPECT_EQ(database.rows("SELECT count(*) FROM pg_views WHERE schemaname = 'public'"), "4\n");
}

// The layout of release 3.19, as far as it is known: the tables of 3.20 with columns in another order, the
// four indexes that are dropped, and the old migrator's table filled.
void make_release_3_19(const Database& database) {
    database.execute(std::string(up_sql(migrations().front())));
    database.execute(R"(
        ALTER TABLE organizations RENAME COLUMN name TO old_name;
        ALTER TABLE organizations ADD COLUMN name varchar;
        ALTER TABLE organizations DROP COLUMN old_name;
        CREATE UNIQUE INDEX uix_authorization_codes_code ON authorization_codes (code);
        CREATE UNIQUE INDEX uix_invitations_email ON invitations (email);
        CREATE UNIQUE INDEX uix_invitations_token ON invitations (token);
        CREATE INDEX eui_block_index ON eui_blocks (start_eui);
        INSERT INTO migrations (created_at, updated_at, name) VALUES (now(), now(), 'some_old_migration');)");
}

// Rows that every migration from m2 on has to bring along.
void fill(const Database& database, int users) {
    database.execute(
        "INSERT INTO users (created_at, updated_at, primary_email_address, password, password_updated_at, "
        "require_password_update, state, admin) SELECT now(), now(), 'user' || n || '@example.com', '', "
        "now(), "
        "false, 1, false FROM generate_series(1, " +
        std::to_string(users) + ") AS n");
    database.execute(
        "INSERT INTO gateways (created_at, updated_at, gateway_id, gateway_eui, auto_update, status_public, "
        "location_public, schedule_downlink_late, enforce_duty_cycle) SELECT now(), now(), 'gateway-' || n, "
        "lpad(to_hex(n), 16, '0'), true, true, true, true, true FROM generate_series(1, " +
        std::to_string(users) + ") AS n");
    database.execute("INSERT INTO organizations (created_at, updated_at, name) VALUES (now(), now(), 'One')");
}

TEST(Migrate, BringsAnEmptyDatabaseToTheFinalSchema) {
    const Database database;
    const auto outcome = database.must_run(migrate_command());
    EXPECT_EQ(outcome.data["applied"], 15);
    expect_final_schema(database);
    EXPECT_EQ(names_applied(database), all_names());
    // bun: one call is one group, rows in ascending order, the clock of the server.
    EXPECT_EQ(database.rows("SELECT min(group_id), max(group_id), count(*) FROM bun_migrations"), "1|1|15\n");
    EXPECT_EQ(database.rows("SELECT count(*) FROM bun_migration_locks"), "0\n");
}

TEST(Migrate, ASecondRunHasNothingToDo) {
    const Database database;
    database.must_run(migrate_command());
    const auto again = database.must_run(migrate_command());
    EXPECT_EQ(again.data["outcome"], "nothing to do");
    EXPECT_EQ(database.rows("SELECT count(*) FROM bun_migrations"), "15\n");
}

class EveryStart : public testing::TestWithParam<std::size_t> {};

TEST_P(EveryStart, IsContinuedWithAGroupOfItsOwn) {
    const Database database;
    const auto& stop = migrations()[GetParam()];
    database.must_run(migrate_command(), {{"target", std::string(stop.name)}});
    EXPECT_EQ(database.rows("SELECT max(name) FROM bun_migrations"), std::string(stop.name) + "\n");
    const auto between = database.run(verify_command());
    EXPECT_EQ(between.code, ExitCode::done) << between.text;
    database.must_run(migrate_command());
    expect_final_schema(database);
    const bool complete = GetParam() + 1 == migrations().size();
    EXPECT_EQ(database.rows("SELECT max(group_id) FROM bun_migrations"), complete ? "1\n" : "2\n");
}

TEST_P(EveryStart, IsReachedAgainByARollbackWithATarget) {
    const Database database;
    const auto& stop = migrations()[GetParam()];
    database.must_run(migrate_command());
    const auto back = database.run(
        migrate_command(), {{"rollback", "true"}, {"target", stop.full_name()}, {"yes-destroy", "true"}});
    EXPECT_EQ(back.code, ExitCode::done) << back.error;
    EXPECT_EQ(database.rows("SELECT max(name) FROM bun_migrations"), std::string(stop.name) + "\n");
    const auto between = database.run(verify_command());
    EXPECT_EQ(between.code, ExitCode::done) << between.text;
    database.must_run(migrate_command());
    expect_final_schema(database);
}

TEST_P(EveryStart, OnFilledTablesEndsInTheSameSchema) {
    const Database database;
    const auto& stop = migrations()[GetParam()];
    database.must_run(migrate_command(), {{"target", std::string(stop.name)}});
    fill(database, 1500);
    database.must_run(migrate_command());
    expect_final_schema(database);
    EXPECT_EQ(database.rows("SELECT count(*), count(DISTINCT gateway_eui) FROM gateways"), "1500|1500\n");
    EXPECT_EQ(database.rows("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "0\n");
}

INSTANTIATE_TEST_SUITE_P(Migrations, EveryStart, testing::Range<std::size_t>(0, 15));

TEST(Migrate, ContinuesRelease319) {
    const Database database;
    make_release_3_19(database);
    fill(database, 1500);
    EXPECT_EQ(database.run(status_command()).data["tenants"][0]["layout"], "release 3.19");
    database.must_run(migrate_command());
    expect_final_schema(database);
    EXPECT_EQ(database.rows("SELECT name FROM migrations"), "some_old_migration\n");
    EXPECT_EQ(database.rows("SELECT name, fanout_notifications FROM organizations"), "One|t\n");
}

TEST(Migrate, RefusesAReleaseBefore319) {
    const Database database;
    database.execute("CREATE TABLE accounts (id uuid)");
    const auto outcome = database.run(migrate_command());
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.error, HasSubstr("before 3.19"));
    EXPECT_EQ(
        database.rows(
            "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"),
        "1\n");
}

TEST(Migrate, RefusesADatabaseNewerThanThisBuild) {
    const Database database;
    database.must_run(migrate_command());
    database.execute("INSERT INTO bun_migrations (name, group_id) VALUES ('20300101000000', 2)");
    const auto outcome = database.run(migrate_command());
    EXPECT_EQ(outcome.code, ExitCode::newer_database);
    EXPECT_THAT(outcome.error, HasSubstr("20300101000000"));
    EXPECT_EQ(database.run(status_command()).code, ExitCode::newer_database);
}

TEST(Migrate, RespectsAndReportsBunsLockRow) {
    const Database database;
    database.must_run(migrate_command(), {{"target", "20240103000002"}});
    database.execute("INSERT INTO bun_migration_locks (table_name) VALUES ('bun_migrations')");
    const auto outcome = database.run(migrate_command());
    EXPECT_EQ(outcome.code, ExitCode::locked);
    EXPECT_THAT(outcome.error, HasSubstr("bun_migration_locks"));
    EXPECT_EQ(database.run(status_command()).data["tenants"][0]["locked_by_stack"], true);
    EXPECT_EQ(database.rows("SELECT count(*) FROM bun_migrations"), "14\n");
}

TEST(Migrate, FindsDuplicateAddressesBeforeAnythingRuns) {
    const Database database;
    database.must_run(migrate_command(), {{"target", "20220520000000"}});
    fill(database, 2);
    database.execute(
        "UPDATE users SET primary_email_address = upper(primary_email_address) WHERE primary_email_address "
        "LIKE 'user1@%'; INSERT INTO users (created_at, updated_at, primary_email_address, password, "
        "password_updated_at, require_password_update, state, admin) VALUES (now(), now(), "
        "'user1@example.com', '', now(), false, 1, false)");
    const auto outcome = database.run(migrate_command());
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.error, HasSubstr("user1@example.com"));
    EXPECT_EQ(names_applied(database), "20220520000000\n");
}

TEST(Migrate, FindsBadEmailValidationsBeforeAnythingRuns) {
    const Database database;
    database.must_run(migrate_command(), {{"target", "20221208000000"}});
    database.execute(
        "INSERT INTO contact_info_validations (created_at, updated_at, reference, token, entity_id, "
        "entity_type, contact_method, value) SELECT now(), now(), 'same', 'same', gen_random_uuid(), 'user', "
        "1, "
        "'a@b' FROM generate_series(1, 2)");
    auto outcome = database.run(migrate_command());
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.error, HasSubstr("20231206000000_email_validations would fail"));
    database.execute("UPDATE contact_info_validations SET token = NULL");
    outcome = database.run(migrate_command());
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.error, HasSubstr("without address, reference or token"));
    EXPECT_EQ(database.rows("SELECT count(*) FROM bun_migrations"), "9\n");
}

TEST(Migrate, MovesOpenValidationsAndCountsWhatIsLost) {
    const Database database;
    database.must_run(migrate_command(), {{"target", "20221208000000"}});
    database.execute(
        "INSERT INTO contact_info_validations (created_at, updated_at, reference, token, entity_id, "
        "entity_type, contact_method, value, used, expires_at) SELECT now(), now(), 'r' || n, 't' || n, "
        "gen_random_uuid(), 'user', 1, 'a@b', n = 2, CASE n WHEN 3 THEN now() - interval '1 day' END "
        "FROM generate_series(1, 3) AS n");
    database.execute(
        "INSERT INTO contact_infos (contact_type, contact_method, value, entity_id, entity_type) VALUES "
        "(0, 1, 'a@b', gen_random_uuid(), 'user')");
    const auto plan = database.must_run(migrate_command(), {{"dry-run", "true"}}).plan;
    const auto by_name = [&plan](std::string_view name) {
        return *std::ranges::find_if(plan.steps,
                                     [name](const auto& step) { return step.name.starts_with(name); });
    };
    EXPECT_EQ(by_name("20231206000000").touches,
              (operation::Amounts{{"used or expired e-mail validations", 2}}));
    EXPECT_EQ(by_name("20240100200000").touches, (operation::Amounts{{"contact infos", 1}}));
    EXPECT_TRUE(by_name("20240100200000").destroys);
    database.must_run(migrate_command());
    EXPECT_EQ(database.rows("SELECT reference, token, email_address, used FROM email_validations"),
              "r1|t1|a@b|f\n");
    EXPECT_EQ(database.rows("SELECT count(*) FROM contact_info_validations"), "0\n");
    EXPECT_EQ(database.rows("SELECT count(*) FROM contact_infos"), "0\n");
}

TEST(Migrate, KeepsContactInfosOfTypesThatAreNotTheStacks) {
    const Database database;
    database.must_run(migrate_command(), {{"target", "20231211000000"}});
    database.execute(
        "INSERT INTO contact_infos (contact_type, contact_method, value, entity_id, entity_type) VALUES "
        "(0, 1, 'a@b', gen_random_uuid(), 'user'), (0, 1, 'c@d', gen_random_uuid(), 'other')");
    database.must_run(migrate_command());
    EXPECT_EQ(database.rows("SELECT value FROM contact_infos"), "c@d\n");
}

TEST(Migrate, KeepsFanoutOfOrganizationsThatTheNewReleaseMade) {
    const Database database;
    database.must_run(migrate_command(), {{"target", "20231206000000"}});
    // What the stack leaves when it is killed between the change and the mark.
    database.execute(
        "ALTER TABLE organizations ADD COLUMN fanout_notifications boolean; INSERT INTO organizations "
        "(created_at, updated_at, name, fanout_notifications) VALUES (now(), now(), 'Off', false), (now(), "
        "now(), "
        "'Old', NULL)");
    database.must_run(migrate_command());
    EXPECT_EQ(database.rows("SELECT name, fanout_notifications FROM organizations ORDER BY name"),
              "Off|f\nOld|t\n");
}

TEST(Migrate, ContinuesWhatTheStackLeftWithoutItsMark) {
    for (const auto* name :
         {"20220802000000", "20221207000000", "20221208000000", "20231206000000", "20240103000002"}) {
        const Database database;
        database.must_run(migrate_command());
        database.execute("DELETE FROM bun_migrations WHERE name >= '" + std::string(name) + "'");
        const auto outcome = database.run(migrate_command());
        EXPECT_EQ(outcome.code, ExitCode::done) << name << ": " << outcome.error;
        expect_final_schema(database);
    }
}

TEST(Rollback, OfAFreshDatabaseRefusesToLoseRows) {
    const Database database;
    database.must_run(migrate_command());
    fill(database, 3);
    const auto refused = database.run(migrate_command(), {{"rollback", "true"}});
    EXPECT_EQ(refused.code, ExitCode::refused);
    EXPECT_THAT(refused.error, HasSubstr("3 users"));
    EXPECT_THAT(refused.hint, HasSubstr("--target"));
    EXPECT_EQ(database.rows("SELECT count(*) FROM users"), "3\n");
    database.must_run(migrate_command(), {{"rollback", "true"}, {"yes-destroy", "true"}});
    EXPECT_EQ(database.rows(
                  "SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables WHERE schemaname = "
                  "'public'"),
              "bun_migration_locks bun_migrations\n");
    EXPECT_EQ(database.rows("SELECT count(*) FROM bun_migrations"), "0\n");
    database.must_run(migrate_command());
    expect_final_schema(database);
}

TEST(Rollback, UndoesTheLastMigrationAlone) {
    const Database database;
    database.must_run(migrate_command());
    fill(database, 3);
    database.must_run(migrate_command(), {{"rollback", "true"}, {"target", "20240103000002"}});
    EXPECT_EQ(
        database.rows("SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' AND "
                      "column_name = 'universal_rights'"),
        "0\n");
    EXPECT_EQ(database.rows("SELECT count(*) FROM users"), "3\n");
    database.must_run(migrate_command());
    expect_final_schema(database);
}

TEST(Rollback, FindsDuplicatesThatAnOlderIndexWouldRefuse) {
    const Database database;
    database.must_run(migrate_command(), {{"target", "20220726092000"}});
    fill(database, 1);
    database.execute(
        "INSERT INTO users (created_at, updated_at, deleted_at, primary_email_address, password, "
        "password_updated_at, require_password_update, state, admin) VALUES (now(), now(), now(), "
        "'user1@example.com', '', now(), false, 1, false)");
    const auto outcome =
        database.run(migrate_command(), {{"rollback", "true"}, {"target", "20220520000000"}});
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.error, HasSubstr("user1@example.com"));
    EXPECT_EQ(database.rows("SELECT count(*) FROM bun_migrations"), "3\n");
}

TEST(DryRun, OfAMigrationWritesNothing) {
    const Database database;
    const auto outcome = database.must_run(migrate_command(), {{"dry-run", "true"}});
    EXPECT_EQ(outcome.plan.steps.size(), 15U);
    EXPECT_EQ(
        database.rows(
            "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"),
        "0\n");
}

TEST(Verify, ListsEveryKindOfDrift) {
    const Database database;
    database.must_run(migrate_command());
    database.execute(
        "ALTER TABLE users DROP COLUMN temporary_password CASCADE; DROP INDEX client_id_index; "
        "ALTER TABLE gateways ALTER COLUMN gateway_eui TYPE text; CREATE INDEX my_own ON gateways "
        "(brand_id); "
        "DROP TABLE pictures");
    const auto outcome = database.run(verify_command());
    EXPECT_EQ(outcome.code, ExitCode::due);
    EXPECT_THAT(outcome.text, HasSubstr("column users.temporary_password is missing"));
    EXPECT_THAT(outcome.text, HasSubstr("view user_accounts is missing"));
    EXPECT_THAT(outcome.text, HasSubstr("index clients.client_id_index is missing"));
    EXPECT_THAT(outcome.text, HasSubstr("column gateways.gateway_eui is \"text\""));
    EXPECT_THAT(outcome.text, HasSubstr("table pictures is missing"));
    EXPECT_THAT(outcome.text, HasSubstr("index gateways.my_own is additional"));
    EXPECT_EQ(database.run(status_command()).code, ExitCode::due);
}

TEST(Tenants, AreMigratedTogetherAndOneFailureLeavesTheOthers) {
    const Database database;
    for (const auto* id : {"acme", "zeta-net"}) database.must_run(create_tenant_command(), {{"id", id}});
    database.must_run(migrate_command());
    database.execute(
        "DELETE FROM tenant_acme.bun_migrations WHERE name = '20240806000000'; "
        "DELETE FROM tenant_zeta_net.bun_migrations WHERE name = '20240806000000'; "
        "INSERT INTO tenant_acme.bun_migration_locks (table_name) VALUES ('bun_migrations')");
    const auto outcome = database.run(migrate_command());
    EXPECT_EQ(outcome.code, ExitCode::partly_failed);
    EXPECT_THAT(outcome.error, HasSubstr("tenant acme"));
    EXPECT_EQ(names_applied(database, "tenant_zeta_net"), all_names());
    EXPECT_EQ(database.rows("SELECT count(*) FROM tenant_acme.bun_migrations"), "14\n");
}

}  // namespace
}  // namespace tti::identity_server::test
