#include <chrono>
#include <iostream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity_server/fixture.hpp"
#include "identity_server/migrate.hpp"
#include "identity_server/register.hpp"
#include "identity_server/status.hpp"
#include "postgres/migrator.hpp"
#include "support/redis_server.hpp"
#include "util/process.hpp"

namespace tti::identity_server::test {
namespace {

constexpr int count = 1000;

// Registered tenants whose last migration is due, made over one connection.
void make_tenants(const Database& database) {
    util::NeverStop stop;
    postgres::Connection connection(*postgres::Uri::parse(database.uri()), {.context = "test"}, stop);
    create_register(connection);
    for (int number = 0; number < count; ++number) {
        const auto id = fmt::format("tenant{:04}", number);
        const auto schema = schema_for(id);
        postgres::Transaction transaction(connection);
        connection.execute(fmt::format("CREATE SCHEMA {0}; SET LOCAL search_path TO {0}", schema));
        postgres::create_bookkeeping(connection, schema);
        for (const auto& migration : migrations().first(migrations().size() - 1)) {
            connection.execute(up_sql(migration));
            postgres::mark_applied(connection, schema, std::string(migration.name), 1);
        }
        connection.query("INSERT INTO tti.tenants (tenant_id, schema_name) VALUES ($1, $2)", {id, schema});
        transaction.commit();
    }
}

// All databases of the stack at once, by the program itself. How long it takes is printed; the bound is only
// there so that a walk from tenant to tenant is noticed.
void look_at_the_whole_stack(const Database& database) {
    constexpr std::chrono::seconds bound{60};
    const tti::test::RedisServer redis;
    util::NeverStop stop;
    const auto began = std::chrono::steady_clock::now();
    const auto finished =
        util::run({.arguments = {TTI_BINARY, "status", "--output", "json", "--timeout", "60s"},
                   .environment = {"TTN_LW_IS_DATABASE_URI=" + database.uri(),
                                   "TTN_LW_REDIS_ADDRESS=" + redis.socket()}},
                  stop);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::cout << fmt::format("status over {} tenants took {:.2f} s\n", count, took.count());
    EXPECT_EQ(finished.exit_code, static_cast<int>(ExitCode::due)) << finished.output;
    EXPECT_LT(took, bound);
    const auto data = nlohmann::json::parse(finished.output, nullptr, false);
    ASSERT_TRUE(data.is_object()) << finished.output;
    EXPECT_EQ(data["tenants"]["besides_the_default"], count);
    EXPECT_EQ(data["tenants"]["redis_versions_not_recorded"]["ns-db"], count);
    EXPECT_EQ(data["databases"][0]["due"]["tenants"], count);
}

TEST(AThousandTenants, AreMigratedInOneRunAndOneFailureLeavesTheOthers) {
    const Database database;
    make_tenants(database);
    database.must_run(migrate_command(), {{"tenant-id", "default"}});
    EXPECT_EQ(database.run(status_command()).code, ExitCode::due);
    look_at_the_whole_stack(database);
    // One cannot be migrated: somebody put a table where the view is.
    database.execute(
        "DROP VIEW tenant_tenant0500.user_accounts; CREATE TABLE tenant_tenant0500.user_accounts (id uuid)");

    const auto outcome = database.run(migrate_command());
    EXPECT_EQ(outcome.code, ExitCode::partly_failed);
    EXPECT_THAT(outcome.error, testing::HasSubstr("1 of 1000 tenants failed: tenant tenant0500"));
    EXPECT_EQ(database.rows(
                  "SELECT count(*) FROM information_schema.columns WHERE column_name = 'universal_rights' "
                  "AND table_name = 'users' AND table_schema LIKE 'tenant%'"),
              "999\n");

    database.execute("DROP TABLE tenant_tenant0500.user_accounts");
    database.must_run(migrate_command());
    EXPECT_EQ(database.run(status_command()).code, ExitCode::done);
}

}  // namespace
}  // namespace tti::identity_server::test
