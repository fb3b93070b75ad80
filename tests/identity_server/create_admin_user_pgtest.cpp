#include "identity_server/create_admin_user.hpp"
#include "identity_server/create_fixture.hpp"
#include "identity_server/password_hash.hpp"

namespace tti::identity_server {
namespace {

using testing::HasSubstr;
using testing::Not;

class CreateAdminUser : public test::CreateFixture {
  protected:
    test::Outcome create(const Flags& flags) { return database_.run(create_admin_user_command(), flags); }
    test::Outcome alice(Flags more = {}) {
        Flags flags{{"id", "alice"}, {"email", "Alice@example.com"}, {"password", "Secret123"}};
        flags.insert(flags.end(), more.begin(), more.end());
        return create(flags);
    }
};

TEST_F(CreateAdminUser, BringsTheTablesAndWritesTheStacksValues) {
    const auto outcome = alice({{"name", "Alice"}});
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(outcome.data["action"], "created");
    EXPECT_THAT(told(outcome) + outcome.text + outcome.data.dump(), Not(HasSubstr("Secret123")));
    EXPECT_EQ(
        value("SELECT ROW(primary_email_address, name, require_password_update, state, admin, description, "
              "state_description, temporary_password, universal_rights, deleted_at)::text FROM users"),
        "(Alice@example.com,Alice,f,1,t,,,,,)");
    EXPECT_EQ(value("SELECT primary_email_address_validated_at = password_updated_at AND updated_at >= "
                    "created_at FROM users"),
              "t");
    EXPECT_EQ(value("SELECT ROW(a.uid, a.account_type, a.deleted_at)::text FROM accounts a JOIN users u ON "
                    "u.id = a.account_id"),
              "(alice,user,)");
    EXPECT_EQ(verify_password(Secret("Secret123"), value("SELECT password FROM users")), true);
}

TEST_F(CreateAdminUser, ChangesNothingWhenRunAgain) {
    ASSERT_EQ(alice().code, ExitCode::done);
    const std::string before = all_rows("users") + all_rows("accounts");
    const auto outcome = alice();
    EXPECT_EQ(outcome.data["action"], "unchanged");
    EXPECT_EQ(all_rows("users") + all_rows("accounts"), before);
}

TEST_F(CreateAdminUser, ChangesOnlyWhatIsGiven) {
    ASSERT_EQ(alice({{"name", "Alice"}}).code, ExitCode::done);
    sql("UPDATE users SET state = 4, admin = false, require_password_update = true");
    const std::string password = value("SELECT password FROM users");
    const auto outcome = create({{"id", "alice"}, {"keep-password", "true"}, {"email", "a@example.com"}});
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(value("SELECT ROW(primary_email_address, name, state, admin, require_password_update)::text "
                    "FROM users"),
              "(a@example.com,Alice,1,t,t)");
    EXPECT_EQ(value("SELECT password FROM users"), password);
    ASSERT_EQ(create({{"id", "alice"}, {"password", "Other12345"}}).code, ExitCode::done);
    EXPECT_EQ(verify_password(Secret("Other12345"), value("SELECT password FROM users")), true);
    EXPECT_EQ(value("SELECT primary_email_address FROM users"), "a@example.com");
}

TEST_F(CreateAdminUser, NeedsEMailAndPasswordForANewUser) {
    ASSERT_EQ(alice().code, ExitCode::done);
    auto outcome = create({{"id", "bob"}, {"password", "Secret123"}});
    EXPECT_EQ(outcome.code, ExitCode::usage);
    EXPECT_THAT(outcome.error, HasSubstr("option email is needed"));
    outcome = create({{"id", "bob"}, {"email", "b@example.com"}, {"keep-password", "true"}});
    EXPECT_EQ(outcome.code, ExitCode::usage);
    EXPECT_THAT(outcome.error, HasSubstr("option password is needed"));
    EXPECT_EQ(value("SELECT count(*) FROM users"), "1");
}

TEST_F(CreateAdminUser, RefusesAnAddressOfSomebodyElseAndNamesThem) {
    ASSERT_EQ(alice().code, ExitCode::done);
    const std::string before = all_rows("users");
    const auto outcome = create({{"id", "bob"}, {"email", "ALICE@example.com"}, {"password", "Secret123"}});
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.error, HasSubstr("belongs to user alice"));
    ASSERT_EQ(create({{"id", "bob"}, {"email", "bob@example.com"}, {"password", "Secret123"}}).code,
              ExitCode::done);
    // What the stack reports as success.
    EXPECT_EQ(create({{"id", "bob"}, {"email", "alice@example.com"}, {"keep-password", "true"}}).code,
              ExitCode::refused);
    sql("DELETE FROM users WHERE primary_email_address = 'bob@example.com'");
    EXPECT_EQ(all_rows("users"), before);
}

TEST_F(CreateAdminUser, RefusesTheIdOfADeletedUserOrAnOrganization) {
    ASSERT_EQ(alice().code, ExitCode::done);
    sql("UPDATE accounts SET deleted_at = now(); UPDATE users SET deleted_at = now()");
    auto outcome = alice();
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.error, HasSubstr("is deleted"));
    EXPECT_THAT(outcome.hint, HasSubstr("cleanup"));
    sql("UPDATE accounts SET deleted_at = NULL");  // a deletion that was cut off
    EXPECT_EQ(alice().code, ExitCode::refused);
    sql("UPDATE accounts SET account_type = 'organization'");
    outcome = alice();
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.error, HasSubstr("organization"));
}

TEST_F(CreateAdminUser, EndsSessionsOnlyWhenAsked) {
    ASSERT_EQ(alice().code, ExitCode::done);
    sql("INSERT INTO user_sessions (created_at, updated_at, user_id) SELECT now(), now(), u FROM (SELECT id "
        "FROM users UNION ALL "
        "SELECT gen_random_uuid()) s(u); "
        "INSERT INTO login_tokens (created_at, updated_at, user_id, token) SELECT now(), now(), id, 'x' FROM "
        "users; "
        "INSERT INTO access_tokens (created_at, updated_at, client_id, user_id, token_id, access_token, "
        "refresh_token) "
        "SELECT now(), now(), id, id, 'x', 'x', 'x' FROM users");
    ASSERT_EQ(alice({{"name", "A"}}).code, ExitCode::done);
    EXPECT_EQ(value("SELECT count(*) FROM user_sessions"), "2");
    const auto outcome = alice({{"revoke-sessions", "true"}});
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(outcome.data["revoked"].dump(), R"({"access tokens":1,"login tokens":1,"sessions":1})");
    EXPECT_EQ(value("SELECT count(*) FROM user_sessions"), "1");
    EXPECT_EQ(alice({{"revoke-sessions", "true"}}).data["action"], "unchanged");
}

TEST_F(CreateAdminUser, DryRunWritesNothing) {
    ASSERT_EQ(alice().code, ExitCode::done);
    const std::string before = all_rows("users");
    const auto outcome = create({{"id", "alice"}, {"password", "Other12345"}, {"dry-run", "true"}});
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_THAT(outcome.plan.steps.at(0).why, HasSubstr("password"));
    EXPECT_EQ(all_rows("users"), before);
}

TEST_F(CreateAdminUser, NotesThatTheOperationsCenterRefusesAdmin) {
    const auto outcome = create({{"email", "a@example.com"}, {"password", "Secret123"}});
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_THAT(outcome.plan.notes, testing::ElementsAre(HasSubstr("Network Operations Center")));
}

TEST_F(CreateAdminUser, AsksOnATerminalAndReadsReferences) {
    database_.given.typed = "Typed12345";
    ASSERT_EQ(create({{"id", "alice"}, {"email", "a@example.com"}}).code, ExitCode::done);
    EXPECT_EQ(verify_password(Secret("Typed12345"), value("SELECT password FROM users")), true);
    database_.given.environment["PASSWORD_OF_ALICE"] = "FromEnv123";
    ASSERT_EQ(create({{"id", "alice"}, {"password-from", "env:PASSWORD_OF_ALICE"}}).code, ExitCode::done);
    EXPECT_EQ(verify_password(Secret("FromEnv123"), value("SELECT password FROM users")), true);
    database_.given.standard_input = "FromPipe123\n";
    ASSERT_EQ(create({{"id", "alice"}, {"password-from", "-"}}).code, ExitCode::done);
    EXPECT_EQ(verify_password(Secret("FromPipe123"), value("SELECT password FROM users")), true);
}

TEST_F(CreateAdminUser, RefusesAnUnknownTenantAndNamesTheKnown) {
    const auto outcome = alice({{"tenant-id", "nosuch"}});
    EXPECT_EQ(outcome.code, ExitCode::usage);
    EXPECT_THAT(outcome.error, HasSubstr("nosuch"));
    EXPECT_EQ(value("SELECT to_regclass('users') IS NULL"), "t");
}

}  // namespace
}  // namespace tti::identity_server
