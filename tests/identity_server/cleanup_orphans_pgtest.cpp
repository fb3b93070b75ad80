#include <gmock/gmock.h>

#include "identity_server/cleanup_expectation.hpp"
#include "identity_server/cleanup_fixture.hpp"

namespace tti::identity_server::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

// What the stack's own cleanup deletes of expired entities; the rest it leaves as orphans.
constexpr std::string_view cleanup_of_the_stack = R"(
CREATE TEMP TABLE expired AS SELECT id, 'application' AS type FROM applications WHERE deleted_at < now() - interval '1 day' UNION ALL SELECT id, 'user' FROM users WHERE deleted_at < now() - interval '1 day'
  UNION ALL SELECT id, 'organization' FROM organizations WHERE deleted_at < now() - interval '1 day' UNION ALL SELECT id, 'gateway' FROM gateways WHERE deleted_at < now() - interval '1 day'
  UNION ALL SELECT id, 'client' FROM clients WHERE deleted_at < now() - interval '1 day';
DELETE FROM api_keys d USING expired e WHERE d.entity_id = e.id AND e.type <> 'client';
DELETE FROM memberships d USING expired e WHERE d.entity_id = e.id AND e.type IN ('application', 'gateway', 'client');
DELETE FROM memberships d USING expired e JOIN accounts a ON a.account_id = e.id WHERE d.account_id = a.id;
DELETE FROM contact_infos d USING expired e WHERE d.entity_id = e.id;
DELETE FROM attributes d USING expired e WHERE d.entity_id = e.id;
DELETE FROM client_authorizations d USING expired e WHERE e.id IN (d.user_id, d.client_id);
DELETE FROM authorization_codes d USING expired e WHERE e.id IN (d.user_id, d.client_id);
DELETE FROM access_tokens d USING expired e WHERE e.id IN (d.user_id, d.client_id);
DELETE FROM user_sessions d USING expired e WHERE e.id = d.user_id;
DELETE FROM gateway_antennas d USING expired e WHERE e.id = d.gateway_id;
DELETE FROM applications d USING expired e WHERE d.id = e.id;
DELETE FROM users d USING expired e WHERE d.id = e.id;
DELETE FROM organizations d USING expired e WHERE d.id = e.id;
DELETE FROM gateways d USING expired e WHERE d.id = e.id;
DELETE FROM clients d USING expired e WHERE d.id = e.id;
DELETE FROM accounts d USING expired e WHERE d.account_id = e.id AND uid NOT IN ('user-1', 'organization-2');)";

TEST(CleanupOrphans, TakesWhatTheStacksOwnCleanupLeft) {
    const Filled filled;
    const Expectation expectation(filled.database);
    filled.database.execute(std::string(cleanup_of_the_stack));
    EXPECT_NE(expectation.differences(), "");
    const auto outcome = filled.cleanup();
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    ASSERT_EQ(outcome.plan.steps.size(), 1U);
    EXPECT_EQ(outcome.plan.steps[0].name, "orphans");
    EXPECT_EQ(expectation.differences(), "");
    for (const auto& amount : outcome.plan.steps[0].touches) {
        EXPECT_EQ(outcome.data["tenants"]["default"]["rows"].value(amount.what, 0), amount.number)
            << amount.what;
    }
    EXPECT_EQ(filled.cleanup().data["outcome"], "nothing to do");
}

TEST(CleanupOrphans, TheIdOfAnAccountWithoutUserIsFreeAgain) {
    const Filled filled;
    filled.database.execute(
        "DELETE FROM users WHERE id = (SELECT account_id FROM accounts WHERE uid = 'user-20')");
    EXPECT_EQ(filled.cleanup().code, ExitCode::done);
    EXPECT_EQ(filled.database.rows("SELECT count(*) FROM accounts WHERE uid = 'user-20'"), "0\n");
    EXPECT_EQ(filled.database.rows("SELECT count(*) FROM user_bookmarks WHERE user_id = 'user-20'"), "0\n");
}

TEST(CleanupOrphans, SoftDeletedOwnersAreOwners) {
    const Filled filled;
    const std::string of_recent = "SELECT count(*) FROM end_devices WHERE application_id = 'application-13'";
    const auto before = filled.database.rows(of_recent);
    EXPECT_EQ(filled.cleanup().code, ExitCode::done);
    EXPECT_EQ(filled.database.rows(of_recent), before);
}

TEST(CleanupOrphans, WhatIsYoungIsLeftForLater) {
    const Filled filled;
    filled.database.execute(
        "UPDATE end_devices SET created_at = now() WHERE application_id = 'application-20';"
        " DELETE FROM applications WHERE application_id = 'application-20'");
    EXPECT_EQ(filled.cleanup().code, ExitCode::done);
    EXPECT_EQ(
        filled.database.rows("SELECT count(*) FROM end_devices WHERE application_id = 'application-20'"),
        "2\n");
}

TEST(CleanupOrphans, NothingFollowsFromAnEmptyTable) {
    const Filled filled;
    EXPECT_EQ(filled.cleanup().code, ExitCode::done);
    const auto all = filled.digest();
    for (const char* owner :
         {"applications", "users", "organizations", "gateways", "clients", "end_devices", "accounts"}) {
        filled.database.execute(fmt::format("CREATE TABLE kept AS TABLE {0}; TRUNCATE {0}", owner));
        const auto outcome = filled.cleanup();
        EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
        EXPECT_THAT(outcome.plan.notes, Contains(HasSubstr(fmt::format("Nothing in table {} stays", owner))));
        filled.database.execute(fmt::format("INSERT INTO {} TABLE kept; DROP TABLE kept", owner));
        EXPECT_EQ(filled.digest(), all) << owner;
    }
}

TEST(CleanupOrphans, CountTowardsMaxDelete) {
    const Filled filled;
    EXPECT_EQ(filled.cleanup().code, ExitCode::done);
    filled.database.execute("DELETE FROM gateways WHERE gateway_id = 'gateway-20'");
    const auto before = filled.digest();
    const auto outcome = filled.cleanup({{"max-delete", "1%"}});
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.error, HasSubstr("orphaned gateway_antennas"));
    EXPECT_EQ(filled.digest(), before);
}

}  // namespace
}  // namespace tti::identity_server::test
