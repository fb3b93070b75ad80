#include "identity_server/create_admin_user.hpp"
#include "identity_server/create_fixture.hpp"
#include "identity_server/create_user_api_key.hpp"
#include "identity_server/password_hash.hpp"

namespace tti::identity_server {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

class CreateUserApiKey : public test::CreateFixture {
  protected:
    void SetUp() override {
        ASSERT_EQ(
            database_.run(create_admin_user_command(), {{"email", "a@b.c"}, {"password", "Secret123"}}).code,
            ExitCode::done);
    }
    test::Outcome create(const Flags& flags) { return database_.run(create_user_api_key_command(), flags); }
};

TEST_F(CreateUserApiKey, StoresAHashOfTheKeyThatItPrints) {
    const auto outcome = create({});
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    const std::string token = outcome.data.at("key");
    EXPECT_THAT(token, MatchesRegex("NNSXS\\.[A-Z2-7]{39}\\.[A-Z2-7]{52}"));
    EXPECT_THAT(told(outcome), Not(HasSubstr(token.substr(46))));
    EXPECT_EQ(value("SELECT ROW(k.rights, k.name, k.entity_type, k.expires_at, k.entity_id = u.id)::text "
                    "FROM api_keys k, users u"),
              "({55},admin-api-key,user,,t)");
    EXPECT_EQ(value("SELECT api_key_id FROM api_keys"), token.substr(6, 39));
    EXPECT_EQ(verify_password(Secret(token.substr(46)), value("SELECT key FROM api_keys")), true);
    EXPECT_EQ(value("SELECT split_part(key, '$', 3) FROM api_keys"), "1000");
}

TEST_F(CreateUserApiKey, PrintsTheStacksJson) {
    const auto outcome = create({});
    EXPECT_THAT(
        outcome.text,
        MatchesRegex("\\{\n  \"id\": \"[A-Z2-7]{39}\",\n  \"key\": \"[A-Z2-7.]{98}\",\n  \"name\": "
                     "\"admin-api-key\",\n"
                     "  \"rights\": \\[\n    \"RIGHT_ALL\"\n  \\],\n  \"created_at\": \"[0-9T:.-]+Z\",\n"
                     "  \"updated_at\": \"[0-9T:.-]+Z\"\n\\}"));
}

TEST_F(CreateUserApiKey, StoresTheExpiry) {
    const auto outcome = create({{"api-key-expiry", "2090-01-31T10:00:00+02:00"}});
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(value("SELECT expires_at = '2090-01-31T08:00:00Z' FROM api_keys"), "t");
    EXPECT_EQ(outcome.data.at("expires_at"), "2090-01-31T08:00:00Z");
}

TEST_F(CreateUserApiKey, FollowsTheOutputFormat) {
    database_.given.environment["TTN_LW_OUTPUT_FORMAT"] = "{{.Id}}:{{ .Name }}!";
    const auto outcome = create({{"name", "mine"}});
    EXPECT_EQ(outcome.text, value("SELECT api_key_id FROM api_keys") + ":mine!");
}

TEST_F(CreateUserApiKey, AddsAnotherKeyEachTime) {
    ASSERT_EQ(create({}).code, ExitCode::done);
    ASSERT_EQ(create({{"name", ""}}).code, ExitCode::done);
    EXPECT_EQ(value("SELECT count(*) FROM api_keys"), "2");
    EXPECT_EQ(value("SELECT count(*) FROM api_keys WHERE name IS NULL"), "1");
}

TEST_F(CreateUserApiKey, RefusesSomebodyWhoIsNotThere) {
    const auto outcome = create({{"user-id", "nobody"}});
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.error, HasSubstr("there is no user nobody"));
    sql("UPDATE accounts SET deleted_at = now()");
    EXPECT_EQ(create({}).code, ExitCode::refused);
    EXPECT_EQ(value("SELECT count(*) FROM api_keys"), "0");
}

TEST_F(CreateUserApiKey, DryRunWritesAndPrintsNoKey) {
    const auto outcome = create({{"dry-run", "true"}});
    EXPECT_EQ(outcome.code, ExitCode::done);
    EXPECT_TRUE(outcome.text.empty());
    EXPECT_EQ(value("SELECT count(*) FROM api_keys"), "0");
}

}  // namespace
}  // namespace tti::identity_server
