#include "aws/service.hpp"

#include <atomic>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "aws/ecs.hpp"
#include "aws/sts.hpp"
#include "aws/surroundings_of_test.hpp"
#include "support/http_server.hpp"
#include "support/trigger_stop.hpp"

namespace tti::aws {
namespace {

using namespace std::chrono_literals;
using test::HttpReply;
using test::HttpRequest;
using test::HttpServer;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

HttpReply throttled() {
    return {.status = 400,
            .body = R"({"__type":"com.amazonaws.ecs#ThrottlingException","message":"Rate exceeded"})"};
}

HttpReply refused(const std::string& code, const std::string& sentence, const std::string& date = {}) {
    HttpReply reply{.status = 403,
                    .body = "<ErrorResponse xmlns=\"https://x/\"><Error><Code>" + code + "</Code><Message>" +
                            sentence + "</Message></Error></ErrorResponse>"};
    if (!date.empty()) reply.headers["date"] = date;
    return reply;
}

// A service whose answers are given one by one; the last one is repeated.
class Script {
  public:
    explicit Script(std::vector<HttpReply> replies) : replies_(std::move(replies)) {
        test.use_keys();
        test.environment()["AWS_ENDPOINT_URL"] = server.url();
    }
    http::Answer send() {
        Session session(test.surroundings);
        auto service = session.service("ecs");
        return service.send({"RunTask"}, {.headers = {{"x-amz-target", "X.RunTask"}}, .body = "{}"});
    }
    ServiceError refusal() {
        try {
            send();
        } catch (const ServiceError& error) {
            return error;
        }
        throw std::runtime_error("nothing was refused");
    }

  private:
    HttpReply next() {
        const auto reply = replies_.at(place_);
        if (place_ + 1 < replies_.size()) ++place_;
        return reply;
    }
    std::vector<HttpReply> replies_;
    std::size_t place_ = 0;

  public:
    TestSurroundings test;
    HttpServer server{[this](const HttpRequest&) { return next(); }};
};

TEST(Service, TriesAgainWhereItIsThrottled) {
    Script script({throttled(), {.status = 503}, {.status = 429}, {.body = "done"}});
    EXPECT_EQ(script.send().body, "done");
    ASSERT_THAT(script.test.clock.pauses, SizeIs(3));
    EXPECT_LE(script.test.clock.pauses[0], 1000ms);
    EXPECT_LE(script.test.clock.pauses[1], 2000ms);
    EXPECT_LE(script.test.clock.pauses[2], 4000ms);
}

TEST(Service, PausesForAsLongAsChanceSays) {
    std::vector<std::chrono::milliseconds> pauses;
    for (int times = 0; times < 8; ++times) {
        Script script({throttled(), {.body = "done"}});
        script.send();
        pauses.push_back(script.test.clock.pauses.at(0));
    }
    EXPECT_THAT(pauses, testing::Not(Each(pauses.front())));
}

TEST(Service, GivesUpAfterSomeAttemptsAndSaysSo) {
    Script script({throttled()});
    script.test.environment()["AWS_MAX_ATTEMPTS"] = "3";
    const auto error = script.refusal();
    EXPECT_STREQ(error.what(), "AWS ecs RunTask: Rate exceeded (ThrottlingException), after 3 attempts");
    EXPECT_EQ(error.code(), ExitCode::unreachable);
    EXPECT_THAT(script.server.requests(), SizeIs(3));
}

TEST(Service, SendsAgainWhereTheConnectionBreaks) {
    Script script({{.cut = true}, {.body = "half of an answer", .cut = true}, {.body = "done"}});
    EXPECT_EQ(script.send().body, "done");
    const auto requests = script.server.requests();
    ASSERT_THAT(requests, SizeIs(3));
    EXPECT_EQ(requests.back().body, "{}");
}

TEST(Service, IsUnreachableWhereNobodyListens) {
    TestSurroundings test;
    test.use_keys();
    std::string url;
    {
        url = HttpServer([](const HttpRequest&) { return HttpReply{}; }).url();
    }
    test.environment()["AWS_ENDPOINT_URL"] = url;
    Session session(test.surroundings);
    auto service = session.service("ecs");
    try {
        service.send({"RunTask"}, {});
        FAIL() << "nobody listens";
    } catch (const http::TransferError& error) {
        EXPECT_EQ(error.kind(), http::TransferError::Kind::not_reached);
        EXPECT_THAT(error.what(), HasSubstr("AWS ecs: cannot connect to " + url));
    }
    EXPECT_THAT(test.clock.pauses, SizeIs(4));
}

TEST(Service, DoesNotTryAgainWhatIsForbidden) {
    Script script({refused("AccessDenied", "User arn:x is not authorized")});
    const auto error = script.refusal();
    EXPECT_STREQ(error.what(), "AWS ecs RunTask: User arn:x is not authorized (AccessDenied)");
    EXPECT_EQ(error.hint(), "The caller needs the permission ecs:RunTask.");
    EXPECT_EQ(error.code(), ExitCode::refused);
    EXPECT_THAT(script.server.requests(), SizeIs(1));
}

// The clock of the test stands at 06:07:08.
TEST(Service, SignsWithTheTimeOfAwsWhereTheClockIsWrong) {
    Script script({refused("SignatureDoesNotMatch", "Signature expired", "Sun, 05 Apr 2026 06:37:08 GMT"),
                   {.body = "done"}});
    EXPECT_EQ(script.send().body, "done");
    EXPECT_THAT(script.test.told,
                ElementsAre("this machine's clock is 30 minutes behind AWS's; requests are signed with "
                            "AWS's time"));
    const auto requests = script.server.requests();
    EXPECT_EQ(requests.at(0).headers.at("x-amz-date"), "20260405T060708Z");
    EXPECT_EQ(requests.at(1).headers.at("x-amz-date"), "20260405T063708Z");
    EXPECT_THAT(script.test.clock.pauses, IsEmpty());
}

TEST(Service, CorrectsTheClockOnce) {
    Script script({refused("RequestTimeTooSkewed", "too far", "Sun, 05 Apr 2026 05:00:00 GMT"),
                   refused("RequestTimeTooSkewed", "too far", "Sun, 05 Apr 2026 04:00:00 GMT")});
    EXPECT_EQ(script.refusal().problem().code, "RequestTimeTooSkewed");
    EXPECT_THAT(script.server.requests(), SizeIs(2));
}

TEST(Service, LeavesTheClockWhereASignatureIsWrongForAnotherReason) {
    Script script({refused("SignatureDoesNotMatch", "wrong key", "Sun, 05 Apr 2026 06:08:08 GMT")});
    EXPECT_EQ(script.refusal().hint(), "Check the credentials, which came from variables.");
    EXPECT_THAT(script.test.told, IsEmpty());
    EXPECT_THAT(script.server.requests(), SizeIs(1));
}

TEST(Service, CannotRenewWhatVariablesSay) {
    Script script({refused("ExpiredToken", "The security token included in the request is expired")});
    const auto error = script.refusal();
    EXPECT_THAT(error.hint(), HasSubstr("(from variables) have expired"));
    EXPECT_THAT(script.server.requests(), SizeIs(1));
}

TEST(Service, FetchesCredentialsAnewThatExpiredInTheMiddle) {
    Script script({refused("ExpiredTokenException", "expired"), {.body = "done"}});
    script.test.environment().erase("AWS_ACCESS_KEY_ID");
    script.test.environment().erase("AWS_SECRET_ACCESS_KEY");
    std::atomic<int> given = 0;
    HttpServer container([&given](const HttpRequest&) {
        return HttpReply{.body =
                             R"({"AccessKeyId":"KEY)" + std::to_string(++given) +
                             R"(","SecretAccessKey":"s","Token":"t","Expiration":"2026-04-05T09:00:00Z"})"};
    });
    script.test.environment()["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = container.url() + "/v2/credentials/1";
    EXPECT_EQ(script.send().body, "done");
    EXPECT_EQ(given, 2);
    EXPECT_THAT(script.server.requests().at(1).headers.at("authorization"), HasSubstr("Credential=KEY2/"));
}

TEST(Service, EndsAWaitWhenAsked) {
    test::TriggerStop stop;
    TestSurroundings test;
    test.use_keys();
    HttpServer server([&stop](const HttpRequest&) {
        stop.ask();
        return throttled();
    });
    test.environment()["AWS_ENDPOINT_URL"] = server.url();
    const Surroundings surroundings{test.environment(), test.home.path(), test.clock, stop,
                                    [](const std::string&) {}};
    Session session(surroundings);
    auto service = session.service("ecs");
    EXPECT_THROW(service.send({"RunTask"}, {}), InterruptedError);
    EXPECT_THAT(server.requests(), SizeIs(1));
}

TEST(Service, ReadsWhoCalls) {
    Script script({{.body = R"(<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
        <GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/eve</Arn><UserId>AIDA</UserId>
        <Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>)"}});
    Session session(script.test.surroundings);
    auto sts = session.service("sts");
    const auto identity = get_caller_identity(sts);
    EXPECT_EQ(identity.account, "123456789012");
    EXPECT_EQ(identity.arn, "arn:aws:iam::123456789012:user/eve");
    EXPECT_EQ(script.server.requests().at(0).body, "Action=GetCallerIdentity&Version=2011-06-15");
}

// A task as ECS tells of one that ran, and one that never did.
TEST(Service, ReadsTasks) {
    Script script(
        {{.body = R"({"tasks":[{"taskArn":"arn:aws:ecs:eu-west-1:1:task/c/0a","lastStatus":"STOPPED",
        "createdAt":1775369228.5,"startedAt":1775369300,"stopCode":"EssentialContainerExited","containers":[
        {"name":"ttes","lastStatus":"STOPPED","exitCode":137,"reason":"OutOfMemoryError: killed"}]}]})"},
         {.body = R"({"tasks":[{"taskArn":"arn:aws:ecs:eu-west-1:1:task/c/0b","stopCode":"TaskFailedToStart",
        "stoppedReason":"CannotPullContainerError: x","containers":[{"name":"ttes"}]}]})"}});
    Session session(script.test.surroundings);
    auto ecs = session.service("ecs");
    const auto ran = describe_task(ecs, "c", "0a");
    ASSERT_TRUE(ran);
    EXPECT_EQ(ran->id(), "0a");
    EXPECT_EQ(ran->created_at, *parse_iso_time("2026-04-05T06:07:08Z") + 500ms);
    EXPECT_EQ(ran->started_at, parse_iso_time("2026-04-05T06:08:20Z"));
    EXPECT_FALSE(ran->stopped_at);
    EXPECT_EQ(ran->containers.at(0).exit_code, 137);
    EXPECT_EQ(ran->containers.at(0).reason, "OutOfMemoryError: killed");
    const auto never = describe_task(ecs, "c", "0b");
    ASSERT_TRUE(never);
    EXPECT_EQ(never->stop_code, "TaskFailedToStart");
    EXPECT_EQ(never->stopped_reason, "CannotPullContainerError: x");
    EXPECT_FALSE(never->containers.at(0).exit_code);
}

TEST(Service, TellsWhyEcsPlacesNoTask) {
    Script script(
        {{.body = R"({"tasks":[],"failures":[{"arn":"a","reason":"RESOURCE:MEMORY","detail":"too little"},
                                                        {"reason":"CAPACITY"}]})"}});
    Session session(script.test.surroundings);
    auto ecs = session.service("ecs");
    try {
        run_task(ecs, {.cluster = "c", .task_definition = "ops", .command = {"x"}, .client_token = "t"});
        FAIL() << "no task was started";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::never_started);
        EXPECT_STREQ(error.what(),
                     "AWS ecs RunTask: no task was started: RESOURCE:MEMORY (too little); CAPACITY");
    }
    const auto body = nlohmann::json::parse(script.server.requests().at(0).body);
    EXPECT_EQ(body.at("clientToken"), "t");
    EXPECT_EQ(body.at("launchType"), "FARGATE");
    EXPECT_EQ(body.at("networkConfiguration").at("awsvpcConfiguration").at("assignPublicIp"), "DISABLED");
}

TEST(Problem, IsReadFromEveryProtocol) {
    const auto of = [](int status, const std::string& body, std::map<std::string, std::string> headers = {}) {
        const auto problem = problem_of({.status = status, .headers = std::move(headers), .body = body});
        return problem.code + "|" + problem.sentence;
    };
    EXPECT_EQ(of(400, R"({"__type":"InvalidParameterException","message":"no"})"),
              "InvalidParameterException|no");
    EXPECT_EQ(of(400, R"({"Message":"no"})", {{"x-amzn-errortype", "X:http://internal/"}}), "X|no");
    EXPECT_EQ(of(404, "<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>"), "NoSuchKey|gone");
    EXPECT_EQ(
        of(400,
           "<?xml version=\"1.0\"?><Response><Errors><Error><Code>InvalidSubnetID.NotFound</Code><Message>"
           "no</Message></Error></Errors></Response>"),
        "InvalidSubnetID.NotFound|no");
    EXPECT_EQ(of(502, "<html>bad gateway"), "HTTP 502|");
    EXPECT_EQ(of(500, "{nonsense"), "HTTP 500|");
    EXPECT_EQ(of(404, ""), "HTTP 404|");
}

}  // namespace
}  // namespace tti::aws
