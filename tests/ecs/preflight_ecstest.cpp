#include <gmock/gmock.h>

#include "aws/surroundings_of_test.hpp"
#include "ecs/preflight.hpp"
#include "support/aws_server.hpp"
#include "support/http_server.hpp"
#include "util/percent.hpp"
#include "util/text.hpp"

namespace tti::ecs {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// A deployment that is in order, and below it one by one what may be wrong.
constexpr auto deployment_script = R"(
import json
ec2, ecs, logs, iam = client('ec2'), client('ecs'), client('logs'), client('iam')
def network(prefix):
    vpc = ec2.create_vpc(CidrBlock=f'{prefix}.0.0/16')['Vpc']['VpcId']
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f'{prefix}.{i}.0/24')['Subnet']['SubnetId'] for i in (1, 2)]
    return subnets, ec2.create_security_group(GroupName='ops', Description='ops', VpcId=vpc)['GroupId']
subnets, group = network('10.0')
others, other_group = network('10.1')
ecs.create_cluster(clusterName='ttich-prod-eu1')
for name, service in ('execution', 'ecs-tasks.amazonaws.com'), ('task', 'ecs-tasks.amazonaws.com'), ('ec2', 'ec2.amazonaws.com'):
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({'Version': '2012-10-17', 'Statement': [
        {'Effect': 'Allow', 'Principal': {'Service': service}, 'Action': 'sts:AssumeRole'}]}))
secret = client('secretsmanager').create_secret(Name='database', SecretString='{"uri": "s3cr3t"}')['ARN']
client('ssm').put_parameter(Name='/ttich/domain', Value='thethings.example.com', Type='String')
logs.create_log_group(logGroupName='/ops')
logs.put_retention_policy(logGroupName='/ops', retentionInDays=30)
def register(family, image='thethingsindustries/lorawan-stack:3.36.1-aws', container='ttes', group='/ops', secret=secret,
             parameter='/ttich/domain', role='execution'):
    ecs.register_task_definition(
        family=family, requiresCompatibilities=['FARGATE'], networkMode='awsvpc', cpu='256', memory='512',
        taskRoleArn='arn:aws:iam::123456789012:role/task', executionRoleArn=f'arn:aws:iam::123456789012:role/{role}',
        containerDefinitions=[{'name': container, 'image': image, 'cpu': 1, 'memory': 128,
            'secrets': [{'name': 'A', 'valueFrom': secret + ':uri::'}, {'name': 'B', 'valueFrom': parameter}],
            'logConfiguration': {'logDriver': 'awslogs', 'options': {
                'awslogs-group': group, 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ops'}}}])
register('ops')
register('moving', image='thethingsindustries/lorawan-stack:3.36-aws')
register('moving')
register('renamed', container='envoy')
register('broken', group='/none', secret=secret[:-6] + 'ZZZZZZ', parameter='/none', role='ec2')
register('gone', role='gone')
ecs.deregister_task_definition(taskDefinition='gone:1')
template = {'Resources': {'Topic': {'Type': 'AWS::SNS::Topic'}}, 'Outputs': {
    'OpsRunTaskArguments': {'Value': f'ops ttich-prod-eu1 {subnets[0]} {subnets[1]} {group}'}}}
client('cloudformation').create_stack(StackName='ttich-prod-eu1-5-2-ecs-ops', TemplateBody=json.dumps(template))
print(*subnets, group, *others, other_group)
)";

class PreflightTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        server = std::make_unique<test::AwsServer>();
        names = util::words(server->python(deployment_script));
    }
    static void TearDownTestSuite() { server.reset(); }

    PreflightTest() {
        test_.use_keys();
        test_.environment()["AWS_ENDPOINT_URL"] = server->url();
    }

    static RunArguments where(const std::string& task_definition) {
        return {.task_definition = task_definition,
                .cluster = "ttich-prod-eu1",
                .subnets = {names.at(0), names.at(1)},
                .security_group = names.at(2)};
    }

    std::map<std::string, Check> look_at(const RunArguments& where, const std::string& stack = {}) {
        aws::Session session(test_.surroundings);
        Deployment deployment(session, stack, where);
        std::map<std::string, Check> checks;
        for (auto& check : preflight(deployment)) checks[check.topic] = check;
        return checks;
    }

    inline static std::unique_ptr<test::AwsServer> server;
    inline static std::vector<std::string> names;
    aws::TestSurroundings test_;
};

TEST_F(PreflightTest, FindsNothingWhereAllIsInOrder) {
    const auto checks = look_at(where("ops"), "ttich-prod-eu1-5-2-ecs-ops");
    for (const auto* topic :
         {"stack", "cluster", "task definition", "revision", "container", "image", "log group", "subnets",
          "security group", "execution role", "task role", "secrets", "caller"}) {
        ASSERT_TRUE(checks.contains(topic)) << topic;
        EXPECT_EQ(checks.at(topic).verdict, Verdict::ok) << topic << ": " << checks.at(topic).evidence;
    }
    EXPECT_EQ(checks.at("stack").evidence, "ttich-prod-eu1-5-2-ecs-ops is CREATE_COMPLETE");
    EXPECT_EQ(checks.at("secrets").evidence, "1 of Secrets Manager and 1 of Parameter Store are there");
    EXPECT_EQ(checks.at("log group").evidence, "/ops keeps lines for 30 days");
    EXPECT_THAT(checks.at("execution role").evidence, HasSubstr("role/execution"));
    // moto does not simulate policies.
    EXPECT_EQ(checks.at("the role's rights").verdict, Verdict::unknown);
}

TEST_F(PreflightTest, TellsATagThatMovesAndANewerRevision) {
    const auto checks = look_at(where("moving:1"));
    EXPECT_FALSE(checks.contains("stack"));
    EXPECT_EQ(checks.at("image").verdict, Verdict::warning);
    EXPECT_EQ(checks.at("revision").verdict, Verdict::warning);
    EXPECT_THAT(checks.at("revision").evidence, HasSubstr("moving:2 is newer"));
}

TEST_F(PreflightTest, FindsAllThatIsMissing) {
    const auto checks = look_at(where("broken"));
    EXPECT_EQ(checks.at("log group").evidence, "there is no log group /none");
    EXPECT_THAT(checks.at("secrets").evidence, StartsWith("not there: arn:aws:secretsmanager:"));
    EXPECT_THAT(checks.at("secrets").evidence, testing::EndsWith("ZZZZZZ, /none"));
    EXPECT_EQ(checks.at("execution role").verdict, Verdict::problem);
    EXPECT_EQ(checks.at("task role").verdict, Verdict::ok);
    EXPECT_EQ(look_at(where("renamed")).at("container").verdict, Verdict::problem);
}

TEST_F(PreflightTest, GoesOnWhereSomethingIsNotThereAtAll) {
    auto wrong = where("none");
    wrong.cluster = "none";
    wrong.subnets[1] = "subnet-00000000";
    wrong.security_group = names.at(5);
    const auto checks = look_at(wrong, "deleted-stack");
    for (const auto* topic : {"stack", "cluster", "task definition", "subnets"}) {
        EXPECT_EQ(checks.at(topic).verdict, Verdict::problem) << topic;
    }
    EXPECT_EQ(checks.at("security group").verdict, Verdict::ok);
    EXPECT_FALSE(checks.contains("secrets"));

    wrong = where("gone:1");
    wrong.security_group = names.at(5);
    const auto deregistered = look_at(wrong);
    EXPECT_EQ(deregistered.at("task definition").verdict, Verdict::problem);
    EXPECT_EQ(deregistered.at("security group").verdict, Verdict::problem);
    EXPECT_THAT(deregistered.at("execution role").evidence, HasSubstr("NoSuchEntity"));
    wrong.subnets[1] = names.at(3);
    EXPECT_EQ(look_at(wrong).at("subnets").verdict, Verdict::problem);
}

// What IAM says to a caller who may not ask it.
TEST_F(PreflightTest, WhatIsForbiddenEndsNothingElse) {
    test::HttpServer forbids([](const test::HttpRequest&) {
        return test::HttpReply{.status = 403,
                               .body =
                                   "<ErrorResponse><Error><Code>AccessDenied</Code><Message>User ada is not "
                                   "authorized</Message></Error></ErrorResponse>"};
    });
    test_.environment()["AWS_ENDPOINT_URL_IAM"] = forbids.url();
    const auto checks = look_at(where("ops"));
    for (const auto* topic : {"execution role", "task role", "the role's rights", "your rights"}) {
        EXPECT_EQ(checks.at(topic).verdict, Verdict::unknown) << topic;
    }
    EXPECT_EQ(checks.at("task role").hint, "The caller needs the permission iam:GetRole.");
    EXPECT_EQ(checks.at("secrets").verdict, Verdict::ok);
    EXPECT_EQ(checks.at("caller").verdict, Verdict::ok);
}

// Answers in the form of IAM's: roles as they should be, and everything but passing them is allowed.
test::HttpReply simulated(const test::HttpRequest& request) {
    if (request.body.starts_with("Action=GetRole")) {
        return {.body = "<R><Role><Arn>arn:aws:iam::123456789012:role/x</Arn><AssumeRolePolicyDocument>" +
                        util::percent_encoded(R"({"Statement": {"Effect": "Allow", "Principal": {"Service":
                                         "ecs-tasks.amazonaws.com"}}})") +
                        "</AssumeRolePolicyDocument></Role></R>"};
    }
    const bool passes = request.body.find("iam%3APassRole") != std::string::npos;
    return {.body =
                std::string("<R><SimulatePrincipalPolicyResult><EvaluationResults><member><EvalActionName>") +
                (passes ? "iam:PassRole" : "others") + "</EvalActionName><EvalDecision>" +
                (passes ? "implicitDeny" : "allowed") +
                "</EvalDecision></member></EvaluationResults></SimulatePrincipalPolicyResult></R>"};
}

TEST_F(PreflightTest, TellsWhatTheCallerMayNot) {
    test::HttpServer iam(simulated);
    test::HttpServer sts([](const test::HttpRequest&) {
        return test::HttpReply{.body =
                                   "<R><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ada</Arn>"
                                   "</GetCallerIdentityResult></R>"};
    });
    test_.environment()["AWS_ENDPOINT_URL_IAM"] = iam.url();
    test_.environment()["AWS_ENDPOINT_URL_STS"] = sts.url();
    const auto checks = look_at(where("ops"), "ttich-prod-eu1-5-2-ecs-ops");
    EXPECT_EQ(checks.at("caller").evidence, "arn:aws:iam::123456789012:user/ada");
    EXPECT_EQ(checks.at("your rights").verdict, Verdict::problem);
    EXPECT_EQ(checks.at("your rights").evidence, "you may not iam:PassRole");
    EXPECT_THAT(checks.at("your rights").hint, HasSubstr("deploy/policies/operator.json"));
    EXPECT_EQ(checks.at("the role's rights").verdict, Verdict::ok);
    for (const auto& request : iam.requests()) {
        if (request.body.find("iam%3APassRole") == std::string::npos) continue;
        EXPECT_THAT(request.body, HasSubstr("user%2Fada"));
        EXPECT_THAT(request.body, HasSubstr("role%2Fexecution"));
        EXPECT_THAT(request.body, HasSubstr("role%2Ftask"));
    }
}

}  // namespace
}  // namespace tti::ecs
