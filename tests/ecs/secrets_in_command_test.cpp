#include "ecs/secrets_in_command.hpp"

#include <gmock/gmock.h>

#include "settings/catalogue.hpp"
#include "util/error.hpp"

namespace tti::ecs {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Words = std::vector<std::string>;

const cli::Command& program() {
    static const cli::Command tree{
        .name = "tti-lw-stack",
        .children = {{.name = "is-db",
                      .children = {{.name = "create-oauth-client",
                                    .options = {{.name = "id"},
                                                {.name = "secret", .type = settings::Type::secret_text},
                                                {.name = "secret-from"}},
                                    .run = [](auto&) { return ExitCode::done; }}}}}};
    return tree;
}

cli::ParsedLine parsed(Words words) {
    words.insert(words.begin(), {"is-db", "create-oauth-client"});
    return cli::parse(program(), settings::catalogue(), words);
}

std::vector<LiteralSecret> found(Words words) {
    return secrets_in_command(parsed(std::move(words)), settings::catalogue());
}

TEST(SecretsInCommand, AreFoundByTheTypeOfTheirOption) {
    const auto secrets = found({"--id=console", "--secret", "hunter2", "--redis.password=hunter3"});
    ASSERT_THAT(secrets, SizeIs(2));
    EXPECT_EQ(secrets[0].option, "--secret");
    EXPECT_EQ(secrets[0].instead, "--secret-from=secretsmanager:NAME#FIELD or --secret-from=ssm:NAME");
    EXPECT_EQ(secrets[1].option, "--redis.password");
    EXPECT_EQ(secrets[1].instead, "variable TTN_LW_REDIS_PASSWORD of the task definition");
    EXPECT_THAT(found({"--is.database-uri=postgresql://root:root@db/ttn"}), SizeIs(1));
    EXPECT_THAT(found({"--cluster.keys=00112233445566778899aabbccddeeff"}), SizeIs(1));
}

TEST(SecretsInCommand, AreNoReferences) {
    EXPECT_THAT(found({"--id=console", "--secret-from=secretsmanager:ttich-prod-eu1-console-oauth-client#s"}),
                IsEmpty());
    EXPECT_THAT(found({"--secret="}), IsEmpty());
}

TEST(SecretsInCommand, AreRefusedWithoutBeingShown) {
    try {
        require_no_secret(parsed({"--secret=hunter2"}), settings::catalogue());
        FAIL() << "it was let through";
    } catch (const RefusedError& error) {
        const auto text = std::string(error.what()) + " | " + error.hint();
        EXPECT_THAT(text, HasSubstr("--secret is a secret"));
        EXPECT_THAT(text, HasSubstr("--secret-from=secretsmanager:NAME#FIELD"));
        EXPECT_THAT(text, HasSubstr("--" + allow_secret_option().name));
        EXPECT_THAT(text, Not(HasSubstr("hunter2")));
    }
    EXPECT_NO_THROW(require_no_secret(parsed({"--secret-from=ssm:console"}), settings::catalogue()));
}

}  // namespace
}  // namespace tti::ecs
