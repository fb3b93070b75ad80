#include "aws/iam.hpp"

#include <gmock/gmock.h>

#include "aws/surroundings_of_test.hpp"
#include "support/http_server.hpp"

namespace tti::aws {
namespace {

using test::HttpReply;
using test::HttpRequest;
using test::HttpServer;
using testing::HasSubstr;
using testing::SizeIs;

// Two pages, in AWS's form; the second for the request that names the marker of the first.
HttpReply simulation(const HttpRequest& request) {
    const bool second = request.body.find("Marker=more") != std::string::npos;
    const auto member = [](const char* action, const char* decision) {
        return std::string("<member><EvalActionName>") + action + "</EvalActionName><EvalDecision>" +
               decision + "</EvalDecision><EvalResourceName>*</EvalResourceName></member>";
    };
    return {.body =
                "<SimulatePrincipalPolicyResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">"
                "<SimulatePrincipalPolicyResult><EvaluationResults>" +
                (second ? member("ecs:StopTask", "explicitDeny")
                        : member("ecs:RunTask", "allowed") + member("iam:PassRole", "implicitDeny")) +
                "</EvaluationResults>" +
                (second ? "<IsTruncated>false</IsTruncated>"
                        : "<IsTruncated>true</IsTruncated><Marker>more</Marker>") +
                "</SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>"};
}

TEST(Iam, SimulatesWhatPoliciesAllow) {
    HttpServer server(simulation);
    TestSurroundings test;
    test.use_keys();
    test.environment()["AWS_ENDPOINT_URL_IAM"] = server.url();
    Session session(test.surroundings);
    auto iam = session.service("iam");
    const auto decisions =
        simulate_principal_policy(iam, {.principal = "arn:aws:iam::1:role/ops",
                                        .actions = {"ecs:RunTask", "iam:PassRole", "ecs:StopTask"},
                                        .resources = {"arn:aws:ecs:eu-west-1:1:task-definition/ops:3"},
                                        .context = {{"iam:PassedToService", "ecs-tasks.amazonaws.com"}}});
    ASSERT_THAT(decisions, SizeIs(3));
    EXPECT_EQ(decisions[0].action, "ecs:RunTask");
    EXPECT_TRUE(decisions[0].allowed);
    EXPECT_EQ(decisions[1].action, "iam:PassRole");
    EXPECT_FALSE(decisions[1].allowed);
    EXPECT_EQ(decisions[2].action, "ecs:StopTask");
    EXPECT_FALSE(decisions[2].allowed);
    ASSERT_THAT(server.requests(), SizeIs(2));
    const auto request = server.requests().at(0);
    EXPECT_THAT(request.body, HasSubstr("&PolicySourceArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fops&"));
    EXPECT_THAT(request.body, HasSubstr("&ActionNames.member.3=ecs%3AStopTask&"));
    EXPECT_THAT(request.body, HasSubstr("&ResourceArns.member.1=arn%3A"));
    EXPECT_THAT(
        request.body,
        HasSubstr("&ContextEntries.member.1.ContextKeyName=iam%3APassedToService&ContextEntries.member.1."
                  "ContextKeyType=string&ContextEntries.member.1.ContextKeyValues.member.1=ecs-tasks."));
    // IAM is one for all regions, and is signed for where it is.
    EXPECT_THAT(request.headers.at("authorization"), HasSubstr("/us-east-1/iam/aws4_request"));
}

TEST(Iam, IsOneForAllRegionsOfAPartition) {
    TestSurroundings test;
    const Profiles profiles(test.surroundings);
    const auto host = [&](const std::string& region) {
        return endpoint_of("iam", region, test.environment(), profiles).host + " " +
               signing_region("iam", region);
    };
    EXPECT_EQ(host("eu-west-1"), "iam.amazonaws.com us-east-1");
    EXPECT_EQ(host("cn-northwest-1"), "iam.cn-north-1.amazonaws.com.cn cn-north-1");
    EXPECT_EQ(host("us-gov-east-1"), "iam.us-gov.amazonaws.com us-gov-west-1");
    EXPECT_EQ(signing_region("ecs", "eu-west-1"), "eu-west-1");
}

TEST(Iam, NamesOfRolesAreTheEndOfTheirArns) {
    EXPECT_EQ(role_name("arn:aws:iam::123456789012:role/ops/night/task"), "task");
    EXPECT_EQ(role_name("task"), "task");
}

}  // namespace
}  // namespace tti::aws
