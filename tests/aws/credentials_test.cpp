#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "aws/metadata.hpp"
#include "aws/surroundings_of_test.hpp"
#include "support/http_server.hpp"

namespace tti::aws {
namespace {

using namespace std::chrono_literals;
using test::HttpReply;
using test::HttpRequest;
using test::HttpServer;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

template <typename Action>
UsageError refusal(Action action) {
    try {
        action();
    } catch (const UsageError& error) {
        return error;
    }
    throw std::runtime_error("nothing was refused");
}

std::string role_answer(const std::string& key) {
    return "<R><Credentials><AccessKeyId>" + key +
           "</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
           "<Expiration>2026-04-05T07:07:08Z</Expiration></Credentials></R>";
}

TEST(Credentials, OfVariablesGoFirst) {
    TestSurroundings test;
    test.home.write(".aws/credentials", "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n");
    EXPECT_EQ(test.access_key(), "FILE");
    test.use_keys();
    test.environment()["AWS_SESSION_TOKEN"] = "token";
    EXPECT_EQ(test.access_key(), "AKIDEXAMPLE");
    Session session(test.surroundings);
    EXPECT_EQ(session.credentials().get().session_token.reveal(), "token");
    test.environment()["AWS_SECRET_ACCESS_KEY"] = "";
    EXPECT_THAT(refusal([&] { test.access_key(); }).what(), HasSubstr("AWS_SECRET_ACCESS_KEY is not"));
}

TEST(Credentials, OfAProfile) {
    TestSurroundings test;
    test.home.write(
        ".aws/config",
        "# ours\n[default]\nregion = eu-north-1\n\n[profile prod]\nregion=us-west-2\n"
        "aws_access_key_id = CONFIG\naws_secret_access_key = c\ns3 =\n  addressing_style = path\n");
    test.home.write(".aws/credentials", "[prod]\naws_access_key_id = PROD\naws_secret_access_key = s=/+\n");
    test.environment()["AWS_PROFILE"] = "prod";
    test.environment().erase("AWS_REGION");
    Session session(test.surroundings);
    EXPECT_EQ(session.credentials().get().access_key_id, "PROD");
    EXPECT_EQ(session.credentials().get().secret_access_key.reveal(), "s=/+");
    EXPECT_EQ(session.region(), "us-west-2");
    test.environment()["AWS_PROFILE"] = "staging";
    const auto error = refusal([&] { test.access_key(); });
    EXPECT_STREQ(error.what(), "there is no AWS profile \"staging\"");
    EXPECT_EQ(error.hint(), "There are: default, prod.");
}

TEST(Credentials, OfFilesElsewhereAreReadAnew) {
    TestSurroundings test;
    const auto file =
        test.home.write("keys", "[default]\naws_access_key_id = ONE\naws_secret_access_key = s\n");
    test.environment()["AWS_SHARED_CREDENTIALS_FILE"] = "~/keys";
    Session session(test.surroundings);
    EXPECT_EQ(session.credentials().get().access_key_id, "ONE");
    std::ofstream(file) << "[default]\naws_access_key_id = TWO\naws_secret_access_key = s\n";
    EXPECT_EQ(session.credentials().get().access_key_id, "ONE");
    EXPECT_TRUE(session.credentials().renew());
    EXPECT_EQ(session.credentials().get().access_key_id, "TWO");
}

TEST(Credentials, NeverShowALineThatIsWrong) {
    TestSurroundings test;
    test.home.write(".aws/credentials", "[default]\naws_access_key_id = A\nwJalrXUtnFEMI\n");
    const auto error = refusal([&] { test.access_key(); });
    EXPECT_THAT(error.what(), HasSubstr("line 3"));
    EXPECT_THAT(error.what(), Not(HasSubstr("wJalr")));
}

TEST(Credentials, OfAProgram) {
    TestSurroundings test;
    const auto answer =
        test.home.write("answer.json", R"({"Version": 1, "AccessKeyId": "PROGRAM", "SecretAccessKey": "s",
        "SessionToken": "t", "Expiration": "2026-04-05T06:30:00+00:00"})");
    test.home.write(".aws/config", "[default]\ncredential_process = cat \"" + answer + "\"\n");
    Session session(test.surroundings);
    EXPECT_EQ(session.credentials().get().access_key_id, "PROGRAM");
    EXPECT_EQ(session.credentials().get().expires, parse_iso_time("2026-04-05T06:30:00Z"));
    test.home.write(".aws/config", "[default]\ncredential_process = exit 3\n");
    EXPECT_THAT(refusal([&] { test.access_key(); }).what(), HasSubstr("ended with exit code 3"));
    test.home.write(".aws/config", "[default]\ncredential_process = echo '{\"AccessKeyId\": \"A\"}'\n");
    EXPECT_THAT(refusal([&] { test.access_key(); }).what(), HasSubstr("no AccessKeyId and SecretAccessKey"));
}

TEST(Credentials, OfARoleByAnotherProfile) {
    TestSurroundings test;
    HttpServer sts([](const HttpRequest&) { return HttpReply{.body = role_answer("ROLE")}; });
    test.environment()["AWS_ENDPOINT_URL_STS"] = sts.url();
    test.environment()["AWS_PROFILE"] = "admin";
    test.home.write(".aws/config",
                    "[profile admin]\nrole_arn = arn:aws:iam::1:role/admin\nsource_profile = base\n"
                    "role_session_name = night\nexternal_id = x 1\nduration_seconds = 900\n");
    test.home.write(".aws/credentials", "[base]\naws_access_key_id = BASE\naws_secret_access_key = s\n");
    EXPECT_EQ(test.access_key(), "ROLE");
    const auto request = sts.requests().at(0);
    EXPECT_EQ(request.body,
              "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fadmin"
              "&RoleSessionName=night&ExternalId=x%201&DurationSeconds=900");
    EXPECT_THAT(request.headers.at("authorization"), HasSubstr("Credential=BASE/20260405/eu-west-1/sts/"));
}

TEST(Credentials, RolesMayFollowEachOtherButNotInACircle) {
    TestSurroundings test;
    HttpServer sts([](const HttpRequest& request) {
        const bool first = request.headers.at("authorization").find("Credential=BASE/") != std::string::npos;
        return HttpReply{.body = role_answer(first ? "FIRST" : "SECOND")};
    });
    test.environment()["AWS_ENDPOINT_URL_STS"] = sts.url();
    test.environment()["AWS_PROFILE"] = "second";
    const std::string second = "[profile second]\nrole_arn = r2\nsource_profile = first\n";
    test.home.write(".aws/config", second +
                                       "[profile first]\nrole_arn = r1\nsource_profile = first\n"
                                       "aws_access_key_id = BASE\naws_secret_access_key = s\n");
    EXPECT_EQ(test.access_key(), "SECOND");
    EXPECT_EQ(sts.requests().size(), 2U);
    test.home.write(".aws/config", second + "[profile first]\nrole_arn = r1\nsource_profile = second\n");
    EXPECT_THAT(refusal([&] { test.access_key(); }).what(), HasSubstr("leads back to itself"));
    test.home.write(".aws/config", second);
    EXPECT_THAT(refusal([&] { test.access_key(); }).what(), HasSubstr("no source_profile \"first\""));
}

TEST(Credentials, RefuseWhatNeedsAPerson) {
    TestSurroundings test;
    test.home.write(".aws/config", "[default]\nsso_session = us\nsso_account_id = 1\n");
    const auto error = refusal([&] { test.access_key(); });
    EXPECT_THAT(error.what(), HasSubstr("sso_session"));
    EXPECT_THAT(error.hint(), HasSubstr("aws configure export-credentials --profile default"));
    test.home.write(".aws/config", "[default]\nrole_arn = r\nsource_profile = default\nmfa_serial = m\n");
    EXPECT_THAT(refusal([&] { test.access_key(); }).what(), HasSubstr("mfa_serial"));
}

TEST(Credentials, OfAWebIdentity) {
    TestSurroundings test;
    HttpServer sts([](const HttpRequest&) { return HttpReply{.body = role_answer("WEB")}; });
    test.environment()["AWS_ENDPOINT_URL_STS"] = sts.url();
    test.environment()["AWS_WEB_IDENTITY_TOKEN_FILE"] = test.home.write("token", "ey.J+\n");
    test.environment()["AWS_ROLE_ARN"] = "arn:r";
    test.environment()["AWS_ROLE_SESSION_NAME"] = "pod";
    EXPECT_EQ(test.access_key(), "WEB");
    const auto request = sts.requests().at(0);
    EXPECT_EQ(request.body,
              "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Ar&RoleSessionName=pod"
              "&WebIdentityToken=ey.J%2B");
    EXPECT_FALSE(request.headers.contains("authorization"));
    test.environment().erase("AWS_ROLE_ARN");
    EXPECT_THAT(refusal([&] { test.access_key(); }).what(), HasSubstr("AWS_ROLE_ARN is not"));
}

TEST(Credentials, OfAContainerWithItsToken) {
    TestSurroundings test;
    HttpServer container([](const HttpRequest& request) {
        if (!request.headers.contains("authorization")) return HttpReply{.status = 401};
        return HttpReply{.body =
                             R"({"AccessKeyId":")" + request.headers.at("authorization") +
                             R"(","SecretAccessKey":"s","Token":"t","Expiration":"2026-04-05T06:30:00Z"})"};
    });
    test.environment()["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = container.url() + "/creds?x=1";
    EXPECT_THROW(test.access_key(), UnreachableError);
    test.environment()["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "given";
    EXPECT_EQ(test.access_key(), "given");
    const auto file = test.home.write("token", "of a file\n");
    test.environment()["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = file;
    Session session(test.surroundings);
    EXPECT_EQ(session.credentials().get().access_key_id, "of a file");
    EXPECT_EQ(container.requests().back().target, "/creds?x=1");
    // Fetched anew five minutes before the end, with what the file says then.
    std::ofstream(file) << "another";
    test.clock.set("2026-04-05T06:24:00Z");
    EXPECT_EQ(session.credentials().get().access_key_id, "of a file");
    test.clock.set("2026-04-05T06:25:30Z");
    EXPECT_EQ(session.credentials().get().access_key_id, "another");
}

TEST(Credentials, OutliveAServiceThatDoesNotAnswerForAWhile) {
    TestSurroundings test;
    bool answers = true;
    HttpServer container([&answers](const HttpRequest&) {
        if (!answers) return HttpReply{.cut = true};
        return HttpReply{
            .body = R"({"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"2026-04-05T06:30:00Z"})"};
    });
    test.environment()["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = container.url();
    Session session(test.surroundings);
    session.credentials().get();
    answers = false;
    test.clock.set("2026-04-05T06:29:00Z");
    EXPECT_EQ(session.credentials().get().access_key_id, "A");
    test.clock.set("2026-04-05T06:30:00Z");
    EXPECT_THROW(session.credentials().get(), UnreachableError);
}

TEST(Credentials, OfContainersAreNotAskedForJustAnywhere) {
    EXPECT_EQ(container_url({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/1"}}),
              "http://169.254.170.2/v2/1");
    for (const auto* good : {"https://example.com/x", "http://127.0.0.1:8080/x", "http://[::1]:80/x",
                             "http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/x"}) {
        EXPECT_EQ(container_url({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", good}}), good);
    }
    for (const auto* bad :
         {"http://example.com/x", "ftp://127.0.0.1/", "http://127.0.0.1@evil/", "nonsense"}) {
        refusal([bad] { container_url({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", bad}}); });
    }
}

// As an instance has it: a token first, without which nothing is told.
HttpReply instance(const HttpRequest& request) {
    const std::string roles = "/latest/meta-data/iam/security-credentials/";
    if (request.target == "/latest/api/token") {
        const bool right =
            request.method == "PUT" && request.headers.contains("x-aws-ec2-metadata-token-ttl-seconds");
        return right ? HttpReply{.body = "secret"} : HttpReply{.status = 400};
    }
    const auto token = request.headers.find("x-aws-ec2-metadata-token");
    if (token == request.headers.end() || token->second != "secret") return {.status = 401};
    if (request.target == roles) return {.body = "ops-role\n"};
    if (request.target == roles + "ops-role") {
        return {.body = R"({"Code":"Success","AccessKeyId":"INSTANCE","SecretAccessKey":"s","Token":"t",
                            "Expiration":"2026-04-05T12:00:00Z"})"};
    }
    if (request.target == "/latest/meta-data/placement/region") return {.body = "ap-south-1"};
    return {.status = 404};
}

TEST(Credentials, AndRegionOfAnInstance) {
    TestSurroundings test;
    HttpServer metadata(instance);
    test.environment() = {{"AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.url() + "/"}};
    EXPECT_EQ(test.access_key(), "INSTANCE");
    Session session(test.surroundings);
    EXPECT_EQ(session.region(), "ap-south-1");
}

TEST(Credentials, ThatNobodyHas) {
    TestSurroundings test;
    const auto error = refusal([&] { test.access_key(); });
    EXPECT_STREQ(error.what(), "no AWS credentials found");
    EXPECT_THAT(error.hint(), HasSubstr("AWS_PROFILE"));
    test.environment().erase("AWS_REGION");
    EXPECT_THAT(refusal([&] { Session(test.surroundings).region(); }).hint(), HasSubstr("AWS_REGION"));
}

TEST(Endpoint, IsAwsOwnUnlessOneIsNamed) {
    TestSurroundings test;
    test.home.write(".aws/config",
                    "[default]\nservices = here\nendpoint_url = http://other:1\n[services here]\ns3 =\n"
                    "  endpoint_url = https://s3.example.com/base/\n");
    const Profiles profiles(test.surroundings);
    const auto url = [&](const std::string& service, const Environment& environment) {
        const auto endpoint = endpoint_of(service, "eu-west-1", environment, profiles);
        return endpoint.url() + endpoint.base_path;
    };
    EXPECT_EQ(url("s3", {}), "https://s3.example.com/base");
    EXPECT_EQ(url("ecs", {}), "http://other:1");
    EXPECT_EQ(url("ecs", {{"AWS_ENDPOINT_URL", "http://all:80"}}), "http://all");
    EXPECT_EQ(url("logs",
                  {{"AWS_ENDPOINT_URL", "http://all"}, {"AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "http://logs"}}),
              "http://logs");
    EXPECT_EQ(
        url("logs", {{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}, {"AWS_ENDPOINT_URL", "http://all"}}),
        "https://logs.eu-west-1.amazonaws.com");
    EXPECT_EQ(domain_of("cn-north-1"), "amazonaws.com.cn");
    EXPECT_EQ(domain_of("us-gov-west-1"), "amazonaws.com");
    EXPECT_THAT(refusal([&] {
                    url("ecs", {{"AWS_ENDPOINT_URL", "localhost:9000"}});
                }).what(),
                HasSubstr("variable AWS_ENDPOINT_URL: \"localhost:9000\": accepted"));
    refusal([&] {
        url("ecs", {{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}, {"AWS_USE_FIPS_ENDPOINT", "true"}});
    });
}

TEST(IsoTime, BeyondTheClockIsItsEnd) {
    EXPECT_EQ(parse_iso_time("2026-04-05T06:30:00Z"), parse_iso_time("2026-04-05T07:30:00+01:00"));
    ASSERT_TRUE(parse_iso_time("9999-12-31T23:59:59Z"));
    EXPECT_GT(*parse_iso_time("9999-12-31T23:59:59Z"), *parse_iso_time("2200-01-01T00:00:00Z"));
}

}  // namespace
}  // namespace tti::aws
