#include "ecs/judge.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "aws/problem.hpp"
#include "ecs/looks.hpp"
#include "ecs/permissions.hpp"
#include "ecs/principal.hpp"
#include "ecs/verify.hpp"
#include "util/error.hpp"

namespace tti::ecs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

aws::TaskDefinition definition(int revision = 3) {
    return {.arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/ops:3",
            .family = "ops",
            .revision = revision,
            .status = "ACTIVE",
            .task_role_arn = "arn:aws:iam::123456789012:role/task",
            .execution_role_arn = "execution",
            .compatibilities = {"EC2", "FARGATE"},
            .containers = {{.name = "ttes",
                            .image = "thethingsindustries/lorawan-stack:3.36.1-aws",
                            .log_options = {{"awslogs-group", "/ops"}},
                            .log_driver = "awslogs"}}};
}

Verdict verdict_of_stack(const std::string& status) {
    return judge_stack({.name = "ops", .status = status, .status_reason = {}, .outputs = {}}).verdict;
}

TEST(Judge, AStackHasToBeAtRest) {
    EXPECT_EQ(verdict_of_stack("CREATE_COMPLETE"), Verdict::ok);
    EXPECT_EQ(verdict_of_stack("UPDATE_COMPLETE"), Verdict::ok);
    EXPECT_EQ(verdict_of_stack("IMPORT_COMPLETE"), Verdict::ok);
    EXPECT_EQ(verdict_of_stack("UPDATE_IN_PROGRESS"), Verdict::warning);
    EXPECT_EQ(verdict_of_stack("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"), Verdict::warning);
    EXPECT_EQ(verdict_of_stack("UPDATE_ROLLBACK_COMPLETE"), Verdict::warning);
    EXPECT_EQ(verdict_of_stack("UPDATE_ROLLBACK_FAILED"), Verdict::problem);
    EXPECT_EQ(verdict_of_stack("ROLLBACK_COMPLETE"), Verdict::problem);
    EXPECT_THAT(
        judge_stack({.name = "ops", .status = "CREATE_FAILED", .status_reason = "no quota", .outputs = {}})
            .evidence,
        HasSubstr("no quota"));
}

TEST(Judge, AClusterHasToBeThere) {
    EXPECT_EQ(judge_cluster("eu1", "ACTIVE").verdict, Verdict::ok);
    EXPECT_EQ(judge_cluster("eu1", "INACTIVE").verdict, Verdict::problem);
    EXPECT_EQ(judge_cluster("eu1", "").evidence, "there is no cluster eu1");
}

TEST(Judge, ADefinitionHasToRunOnFargate) {
    EXPECT_EQ(judge_definition(definition()).verdict, Verdict::ok);
    auto other = definition();
    other.compatibilities = {"EC2"};
    EXPECT_EQ(judge_definition(other).verdict, Verdict::problem);
    EXPECT_THAT(judge_definition(other).evidence, HasSubstr("made for EC2"));
    other = definition();
    other.status = "INACTIVE";
    EXPECT_EQ(judge_definition(other).verdict, Verdict::problem);
}

TEST(Judge, ANewerRevisionIsTold) {
    EXPECT_EQ(judge_revision(definition(3), definition(3)).verdict, Verdict::ok);
    const auto check = judge_revision(definition(3), definition(5));
    EXPECT_EQ(check.verdict, Verdict::warning);
    EXPECT_EQ(check.evidence, "ops:3 would run, and ops:5 is newer");
    EXPECT_THAT(check.hint, HasSubstr("--ecs-arguments \"ops:5"));
}

TEST(Judge, TheContainerIsCalledTtes) {
    EXPECT_EQ(judge_container(definition()).verdict, Verdict::ok);
    auto other = definition();
    other.containers[0].name = "envoy";
    EXPECT_EQ(judge_container(other).verdict, Verdict::problem);
    EXPECT_THAT(judge_container(other).evidence, HasSubstr("envoy"));
}

TEST(Judge, TheTagOfAnImageMustNotMove) {
    const auto verdict = [](const std::string& image) { return judge_image(image).verdict; };
    EXPECT_EQ(verdict("thethingsindustries/lorawan-stack:3.36.1-aws"), Verdict::ok);
    EXPECT_EQ(verdict("123456789012.dkr.ecr.eu-west-1.amazonaws.com:443/tti-lw-stack:3.36.1"), Verdict::ok);
    EXPECT_EQ(verdict("tti-lw-stack@sha256:0123456789abcdef"), Verdict::ok);
    EXPECT_EQ(verdict("registry.example.com:5000/tti-lw-stack"), Verdict::warning);
    for (const auto* tag : {"3.36", "3.36-aws", "3", "latest", "3.36.x-aws", "3.36.1.2"}) {
        EXPECT_EQ(verdict(std::string("tti-lw-stack:") + tag), Verdict::warning) << tag;
    }
    EXPECT_EQ(verdict("thethingsindustries/lorawan-stack:3.36.1"), Verdict::warning);
    EXPECT_EQ(judge_image("thethingsindustries/lorawan-stack:3.36.1").hint,
              "The image for AWS is thethingsindustries/lorawan-stack:3.36.1-aws.");
}

TEST(Judge, EcsHasToBeAllowedToAssumeARole) {
    const auto verdict = [](const std::string& trust) {
        return judge_role("task role", {.arn = "arn:aws:iam::1:role/task", .trust = trust}).verdict;
    };
    EXPECT_EQ(
        verdict(R"({"Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"}}]})"),
        Verdict::ok);
    EXPECT_EQ(verdict(R"({"Statement":{"Effect":"Allow","Principal":{"Service":
                      ["ec2.amazonaws.com","ecs-tasks.amazonaws.com"]}}})"),
              Verdict::ok);
    EXPECT_EQ(
        verdict(R"({"Statement":[{"Effect":"Deny","Principal":{"Service":"ecs-tasks.amazonaws.com"}}]})"),
        Verdict::problem);
    EXPECT_EQ(verdict(R"({"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"}}]})"),
              Verdict::problem);
    EXPECT_EQ(verdict(R"({"Statement":[{"Effect":"Allow","Principal":"*"}]})"), Verdict::problem);
    EXPECT_EQ(verdict("no policy"), Verdict::problem);
}

TEST(Judge, SubnetsAndGroupAreOfOneNetwork) {
    const std::vector<aws::Subnet> one{
        {.id = "subnet-1", .network = "vpc-1", .zone = {}, .free_addresses = 5},
        {.id = "subnet-2", .network = "vpc-1", .zone = {}, .free_addresses = 5}};
    auto two = one;
    two[1].network = "vpc-2";
    auto full = one;
    full[1].free_addresses = 0;
    EXPECT_EQ(judge_subnets(one).verdict, Verdict::ok);
    EXPECT_EQ(judge_subnets(two).verdict, Verdict::problem);
    EXPECT_EQ(judge_subnets(two).evidence, "subnet-1, subnet-2 are in different networks: vpc-1, vpc-2");
    EXPECT_EQ(judge_subnets(full).verdict, Verdict::warning);
    const std::vector<aws::SecurityGroup> inside{{"sg-1", "vpc-1"}};
    const std::vector<aws::SecurityGroup> outside{{"sg-1", "vpc-9"}};
    EXPECT_EQ(judge_security_group(inside, one).verdict, Verdict::ok);
    EXPECT_EQ(judge_security_group(outside, one).verdict, Verdict::problem);
    EXPECT_EQ(judge_security_group(outside, {}).evidence, "sg-1 is in vpc-9");
}

TEST(Judge, WhatIsRefusedOnceIsRefused) {
    const std::vector<aws::Decision> decisions{
        {"iam:PassRole", true}, {"ecs:RunTask", true}, {"iam:PassRole", false}};
    const auto check = judge_decisions("your rights", "you", decisions, "ask for them");
    EXPECT_EQ(check.verdict, Verdict::problem);
    EXPECT_EQ(check.evidence, "you may not iam:PassRole");
    EXPECT_EQ(check.hint, "ask for them");
    const std::vector<aws::Decision> allowed{{"ecs:RunTask", true}};
    EXPECT_EQ(judge_decisions("your rights", "you", allowed, "x"),
              (Check{.topic = "your rights", .evidence = "you may ecs:RunTask"}));
}

TEST(Looks, AreEndedByNothingButAnInterruption) {
    Looks looks;
    looks.look("role", []() -> Check {
        throw aws::ServiceError(ExitCode::refused, {.status = 403, .code = "AccessDenied"},
                                "AWS iam GetRole: no", "The caller needs the permission iam:GetRole.");
    });
    looks.look("secrets", []() -> Check {
        throw aws::ServiceError(ExitCode::unexpected, {.status = 400, .code = "InvalidRequest"}, "bad", "");
    });
    looks.look("network", []() -> Check { throw UnreachableError("no answer"); });
    looks.look("caller", [] { return Check{.topic = "caller", .evidence = "you"}; });
    EXPECT_THROW(looks.look("x", []() -> Check { throw InterruptedError("stopped"); }), InterruptedError);
    const auto checks = looks.take();
    ASSERT_THAT(checks, SizeIs(4));
    EXPECT_EQ(checks[0].verdict, Verdict::unknown);
    EXPECT_EQ(checks[0].hint, "The caller needs the permission iam:GetRole.");
    EXPECT_EQ(checks[1].verdict, Verdict::problem);
    EXPECT_EQ(checks[2].verdict, Verdict::unknown);
    EXPECT_EQ(checks[3].verdict, Verdict::ok);
    EXPECT_EQ(exit_code(checks), ExitCode::due);
    EXPECT_EQ(to_json(checks).at("unknown"), 2);
    EXPECT_THAT(to_text(checks), HasSubstr("1 of 4 checks found a problem, 2 could not be made"));
    EXPECT_EQ(exit_code({checks[0], checks[3]}), ExitCode::done);
}

TEST(PrincipalOf, IsWhosePoliciesCount) {
    EXPECT_EQ(principal_of("arn:aws:iam::123456789012:user/ops/ada")->arn,
              "arn:aws:iam::123456789012:user/ops/ada");
    const auto role = principal_of("arn:aws-cn:sts::123456789012:assumed-role/operator/ada@laptop");
    ASSERT_TRUE(role);
    EXPECT_EQ(role->arn, "arn:aws-cn:iam::123456789012:role/operator");
    EXPECT_EQ(role->role, "operator");
    EXPECT_FALSE(principal_of("arn:aws:iam::123456789012:root"));
    EXPECT_FALSE(principal_of("arn:aws:sts::123456789012:federated-user/ada"));
    EXPECT_FALSE(principal_of("ada"));
}

TEST(Permissions, AreAskedAboutForTheThingsOfTheDeployment) {
    auto ops = definition();
    ops.containers[0].secrets = {"arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf:uri::",
                                 "/ttich/domain", "arn:aws:ssm:eu-west-1:123456789012:parameter/ttich/key"};
    const RunArguments where{.task_definition = "ops", .cluster = "eu1", .subnets = {}, .security_group = {}};
    const Things things{ops, where, "ttich-prod-eu1-ops"};
    std::vector<std::string> lines;
    for (const auto& needed : needed_by_operator(things)) {
        for (const auto& action : needed.actions) {
            lines.push_back(action + " on " + (needed.resources.empty() ? "*" : needed.resources.back()));
        }
    }
    EXPECT_THAT(
        lines,
        ElementsAre("ecs:RunTask on arn:aws:ecs:eu-west-1:123456789012:task-definition/ops:3",
                    "ecs:DescribeTasks on arn:aws:ecs:eu-west-1:123456789012:task/eu1/*",
                    "ecs:StopTask on arn:aws:ecs:eu-west-1:123456789012:task/eu1/*", "ecs:ListTasks on *",
                    "ecs:DescribeTaskDefinition on *", "iam:PassRole on arn:aws:iam::123456789012:role/task",
                    "logs:GetLogEvents on arn:aws:logs:eu-west-1:123456789012:log-group:/ops:log-stream:*",
                    "cloudformation:DescribeStacks on "
                    "arn:aws:cloudformation:eu-west-1:123456789012:stack/ttich-prod-eu1-ops/*"));
    const auto of_role = needed_by_execution_role(things);
    ASSERT_THAT(of_role, SizeIs(3));
    EXPECT_THAT(of_role[0].resources,
                ElementsAre("arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"));
    EXPECT_THAT(of_role[1].resources, ElementsAre("arn:aws:ssm:eu-west-1:123456789012:parameter/ttich/domain",
                                                  "arn:aws:ssm:eu-west-1:123456789012:parameter/ttich/key"));
    ops.containers.clear();
    EXPECT_THAT(needed_by_execution_role(things), IsEmpty());
}

}  // namespace
}  // namespace tti::ecs
