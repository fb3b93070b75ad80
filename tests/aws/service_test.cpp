#include "aws/service.hpp"

#include <atomic>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
    script.refusal();
    EXPECT_THAT(script.test.told, IsEmpty());
    EXPECT_THAT(script.server.requests(), SizeIs(1));
}

TEST(Service, CannotRenewWhatVariablesSay) {
    Script script({refused("ExpiredToken", "The security token included in the request is expired")});
    const auto error = script.refusal();
    EXPECT_THAT(error.hint(), HasSubstr("have expired"));
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
