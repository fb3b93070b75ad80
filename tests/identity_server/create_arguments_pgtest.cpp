#include "identity_server/create_admin_user.hpp"
#include "identity_server/create_eui_block.hpp"
#include "identity_server/create_fixture.hpp"
#include "identity_server/create_oauth_client.hpp"
#include "identity_server/create_user_api_key.hpp"

namespace tti::identity_server {
namespace {

using testing::HasSubstr;
using testing::Not;

// Wrong arguments end a command before a connection is opened: there is no server at this address.
class CreateArguments : public testing::Test {
  protected:
    using Flags = std::vector<settings::FlagText>;

    void refuses(const cli::Command& command, const Flags& flags, const std::string& message) {
        const auto outcome = database_.run(command, flags);
        EXPECT_EQ(outcome.code, ExitCode::usage) << message << ": " << outcome.error;
        EXPECT_THAT(outcome.error, HasSubstr(message));
        EXPECT_THAT(outcome.error + outcome.hint, Not(HasSubstr("hidden")));
    }

    test::Database database_{"postgresql://nobody@127.0.0.1:1/none"};
};

TEST_F(CreateArguments, OfAdminUser) {
    const auto command = create_admin_user_command();
    refuses(command, {{"id", "A B!"}, {"password", "Hidden123"}},
            "option id = \"A B!\" (flag --id): a user ID has");
    refuses(command, {{"id", ""}}, "a user ID has");
    refuses(command, {{"email", "notanemail"}}, "an e-mail address has");
    refuses(command, {{"name", std::string(51, 'x')}}, "at most 50");
    refuses(command, {{"tenant-id", "A"}}, "a tenant ID has");
    refuses(command, {{"tenant-id", "NULL"}}, "a tenant ID has");
    refuses(command, {{"tenant-id", ""}}, "a tenant ID has");
    refuses(command, {{"email", "a@b.c"}}, "password of user admin is missing");
    refuses(command, {{"password", "hidden"}}, "min-length");
    refuses(command, {{"password", ""}}, "the password is empty");
    refuses(command, {{"password", ""}, {"allow-weak-password", "true"}}, "the password is empty");
    refuses(command, {{"password", std::string(1001, 'x')}, {"allow-weak-password", "true"}}, "1000");
    refuses(command, {{"password", "hidden"}, {"password-from", "env:X"}}, "--password and --password-from");
    refuses(command, {{"password", "hidden"}, {"keep-password", "true"}}, "--password and --keep-password");
    refuses(command, {{"password-from", "env:NOT_THERE"}}, "NOT_THERE");
}

TEST_F(CreateArguments, OfAdminUserFollowTheSettings) {
    database_.given.environment.emplace("TTN_LW_IS_USER_REGISTRATION_PASSWORD_REQUIREMENTS_MIN_SPECIAL", "1");
    refuses(create_admin_user_command(), {{"password", "Abcdefg1"}}, "min-special");
    EXPECT_EQ(
        database_.run(create_admin_user_command(), {{"password", "x"}, {"allow-weak-password", "true"}}).code,
        ExitCode::unreachable);
}

TEST_F(CreateArguments, OfOauthClient) {
    const auto command = create_oauth_client_command();
    refuses(command, {{"id", "ab"}}, "an ID has 3 to 36");
    refuses(command, {{"name", std::string(51, 'x')}}, "at most 50");
    refuses(command, {{"redirect-uri", "console"}}, "a redirect URI is absolute");
    refuses(command, {{"logout-redirect-uri", "/a;b"}}, "holds no ;");
    refuses(command, {{"redirect-uri", "/1,/2,/3,/4,/5,/6,/7,/8,/9,/10,/11"}}, "at most 10");
    refuses(command, {{"secret", std::string(129, 'x')}}, "at most 128");
    refuses(command, {{"secret", ""}}, "the secret is empty");
    refuses(command, {{"secret", "hidden"}, {"no-secret", "true"}}, "exclude each other");
    refuses(command, {{"rotate-secret", "true"}, {"secret", "hidden"}}, "exclude each other");
    refuses(command, {{"owner", "A"}}, "a user ID has");
    refuses(command, {{"owner", "admin"}, {"tenant-id", "NULL"}}, "has no owner");
    refuses(command, {{"tenant-id", "null!"}}, "a tenant ID has");
}

TEST_F(CreateArguments, OfUserApiKey) {
    const auto command = create_user_api_key_command();
    refuses(command, {{"user-id", ""}}, "a user ID has");
    refuses(command, {{"name", std::string(51, 'x')}}, "at most 50");
    refuses(command, {{"api-key-expiry", "2020-01-01T00:00:00Z"}}, "not in the future");
    refuses(command, {{"api-key-expiry", "tomorrow"}}, "api-key-expiry");
    database_.given.environment.emplace("TTN_LW_OUTPUT_FORMAT", "{{.Nosuch}}");
    refuses(command, {}, "\".Nosuch\" is no field");
}

TEST_F(CreateArguments, OfEuiBlock) {
    const auto command = create_eui_block_command();
    refuses(command, {}, "option prefix is missing");
    refuses(command, {{"prefix", "0000000000000000/36"}}, "a block of zeros");
    refuses(command, {{"prefix", "70B3D57ED0000001/36"}}, "70B3D57ED0000000/36 is the prefix");
    refuses(command, {{"prefix", "70B3D57ED0000000/65"}}, "0 to 64");
    refuses(command, {{"prefix", "70B3D57ED0000000/36"}, {"init-counter", "-1"}}, "from 0 to 268435455");
    refuses(command, {{"prefix", "70B3D57ED0000000/36"}, {"eui-type", "join_eui"}}, "eui-type");
    refuses(command, {{"use-config", "true"}}, "is.dev-eui-block.prefix = \"0000000000000000/0\"");
    refuses(command, {{"use-config", "true"}, {"prefix", "70B3D57ED0000000/36"}}, "exclude each other");
}

}  // namespace
}  // namespace tti::identity_server
