#include "cli/aws_of_run.hpp"

#include <sstream>

#include <gmock/gmock.h>

#include "cli/command.hpp"
#include "operation/recorder.hpp"
#include "sample.hpp"
#include "support/http_server.hpp"
#include "support/nobody_there.hpp"
#include "util/error.hpp"

namespace tti::cli {
namespace {

using test::HttpReply;
using test::HttpRequest;
using test::HttpServer;
using ::testing::HasSubstr;
using ::testing::Not;

// What that value of an option "secret-from" leads to, with the given variables.
std::string secret_at(const std::string& reference, const std::map<std::string, std::string>& environment) {
    const auto program = testing::program();
    const settings::Values values;
    const settings::Surroundings surroundings{environment, "/"};
    operation::Recorder reporter;
    test::NobodyThere prompt;
    util::NeverStop stop;
    std::istringstream input;
    const Context context{program, values, surroundings, reporter, prompt, stop, input, ""};
    return read_secret(context, "secret-from", reference).reveal();
}

TEST(AwsOfRun, ReadsSecretsWithTheVariablesOfTheRun) {
    HttpServer server([](const HttpRequest& request) {
        const bool known = request.headers.at("x-amz-target") == "secretsmanager.GetSecretValue" &&
                           request.body == R"({"SecretId":"ttich-prod-eu1-console-oauth-client"})";
        if (!known)
            return HttpReply{.status = 400,
                             .body = R"({"__type":"ResourceNotFoundException","Message":"no"})"};
        return HttpReply{.body = R"({"SecretString":"{\"client_secret\":\"s3cr3t\"}"})"};
    });
    std::map<std::string, std::string> environment{{"AWS_ACCESS_KEY_ID", "A"},
                                                   {"AWS_SECRET_ACCESS_KEY", "s"},
                                                   {"AWS_REGION", "eu-west-1"},
                                                   {"AWS_ENDPOINT_URL", server.url()},
                                                   {"HOME", "/nowhere"}};
    EXPECT_EQ(secret_at("secretsmanager:ttich-prod-eu1-console-oauth-client#client_secret", environment),
              "s3cr3t");
    EXPECT_THAT(server.requests().at(0).headers.at("authorization"), HasSubstr("Credential=A/"));
    EXPECT_THROW(secret_at("secretsmanager:other", environment), Error);
    // Nothing of AWS is looked for where no reference asks for it.
    environment = {{"PLACE", "by variable"}};
    EXPECT_EQ(secret_at("env:PLACE", environment), "by variable");
}

TEST(AwsOfRun, SaysWhatAReferenceMayBe) {
    try {
        secret_at("hunter2", {});
        FAIL() << "that is no reference";
    } catch (const UsageError& error) {
        EXPECT_THAT(error.what(), HasSubstr("option --secret-from"));
        EXPECT_THAT(error.what(), HasSubstr("secretsmanager:NAME#FIELD, ssm:NAME"));
        EXPECT_THAT(error.what(), Not(HasSubstr("hunter2")));
    }
}

}  // namespace
}  // namespace tti::cli
