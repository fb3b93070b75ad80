#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/cloudformation.hpp"
#include "aws/ec2.hpp"
#include "aws/ecs.hpp"
#include "aws/iam.hpp"
#include "aws/logs.hpp"
#include "aws/secrets.hpp"
#include "aws/sts.hpp"
#include "aws/surroundings_of_test.hpp"
#include "support/aws_server.hpp"
#include "util/text.hpp"

namespace tti::aws {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// The stack of the operations task, as far as it is asked for; prints both subnets and the group.
constexpr auto deployment = R"(
import json
ec2, ecs, logs = client('ec2'), client('ecs'), client('logs')
network = ec2.create_vpc(CidrBlock='10.0.0.0/16')['Vpc']['VpcId']
ec2.modify_vpc_attribute(VpcId=network, EnableDnsHostnames={'Value': True})
subnets = [ec2.create_subnet(VpcId=network, CidrBlock=f'10.0.{i}.0/24')['Subnet']['SubnetId'] for i in (1, 2)]
group = ec2.create_security_group(GroupName='ops', Description='ops', VpcId=network)['GroupId']
ecs.create_cluster(clusterName='ttich-prod-eu1')
for revision in (1, 2):
    ecs.register_task_definition(
        family='ops', requiresCompatibilities=['FARGATE'], networkMode='awsvpc', cpu='256', memory='512',
        taskRoleArn='arn:aws:iam::123456789012:role/task', executionRoleArn='arn:aws:iam::123456789012:role/execution',
        containerDefinitions=[{'name': 'ttes', 'image': f'lorawan-stack:3.36.{revision}-aws', 'cpu': 1, 'memory': 128,
            'secrets': [{'name': 'KEY', 'valueFrom': 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:k'}],
            'logConfiguration': {'logDriver': 'awslogs', 'options': {
                'awslogs-group': '/ops', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ops'}}}])
logs.create_log_group(logGroupName='/ops')
template = {'Resources': {'Topic': {'Type': 'AWS::SNS::Topic'}}, 'Outputs': {
    'OpsRunTaskArguments': {'Value': f'ops ttich-prod-eu1 {subnets[0]} {subnets[1]} {group}'}, 'VersionTag': {'Value': '3.36.2'}}}
formation = client('cloudformation')
formation.create_stack(StackName='ttich-prod-eu1-ops', TemplateBody=json.dumps(template))
for i in range(120):
    formation.create_stack(StackName=f'other-{i:03}', TemplateBody=json.dumps({'Resources': template['Resources']}))
formation.delete_stack(StackName='other-007')
client('secretsmanager').create_secret(Name='ttich-prod-eu1-console-oauth-client',
    SecretString='{"client_id": "console-eu1", "client_secret": "s3cr3t", "n": 1}')
client('secretsmanager').create_secret(Name='binary', SecretBinary=b'\x00\xff')
client('ssm').put_parameter(Name='/ttich/domain', Value='thethings.example.com', Type='SecureString')
client('ssm').put_parameter(Name='plain', Value='1', Type='String')
client('secretsmanager').create_secret(Name='going', SecretString='x')
client('secretsmanager').delete_secret(SecretId='going', RecoveryWindowInDays=7)
client('iam').create_role(RoleName='task', Path='/ops/', AssumeRolePolicyDocument=json.dumps({'Version': '2012-10-17',
    'Statement': [{'Effect': 'Allow', 'Principal': {'Service': 'ecs-tasks.amazonaws.com'}, 'Action': 'sts:AssumeRole'}]}))
logs.create_log_group(logGroupName='/ops/kept')
logs.put_retention_policy(logGroupName='/ops/kept', retentionInDays=30)
print(*subnets, group)
)";

class ServicesTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        server = std::make_unique<test::AwsServer>();
        network = util::words(server->python(deployment));
        ASSERT_THAT(network, SizeIs(3));
    }
    static void TearDownTestSuite() { server.reset(); }

    ServicesTest() {
        test_.use_keys();
        test_.environment()["AWS_ENDPOINT_URL"] = server->url();
        session_ = std::make_unique<Session>(test_.surroundings);
    }

    TaskRequest request() {
        return {.cluster = "ttich-prod-eu1",
                .task_definition = "ops",
                .subnets = {network[0], network[1]},
                .security_groups = {network[2]},
                .container = "ttes",
                .command = {"tti-lw-stack", "is-db", "create-tenant", "--name=Command Line, \"x\""},
                .client_token = "token",
                .started_by = "eve@laptop"};
    }

    inline static std::unique_ptr<test::AwsServer> server;
    inline static std::vector<std::string> network;
    TestSurroundings test_;
    std::unique_ptr<Session> session_;
};

TEST_F(ServicesTest, ReadsStacks) {
    auto formation = session_->service("cloudformation");
    const auto stack = describe_stack(formation, "ttich-prod-eu1-ops");
    ASSERT_TRUE(stack);
    EXPECT_EQ(stack->status, "CREATE_COMPLETE");
    EXPECT_EQ(stack->outputs.at("OpsRunTaskArguments"),
              "ops ttich-prod-eu1 " + network[0] + " " + network[1] + " " + network[2]);
    EXPECT_EQ(stack->outputs.at("VersionTag"), "3.36.2");
    EXPECT_FALSE(describe_stack(formation, "no-such-stack"));
}

TEST_F(ServicesTest, ReadsEveryPageOfStacks) {
    auto formation = session_->service("cloudformation");
    std::vector<std::string> names;
    for (const auto& stack : describe_stacks(formation)) names.push_back(stack.name);
    EXPECT_THAT(names, SizeIs(120));
    EXPECT_THAT(names, Contains("other-119"));
    EXPECT_THAT(names, testing::Not(Contains("other-007")));
}

TEST_F(ServicesTest, RunsWatchesAndStopsATask) {
    auto ecs = session_->service("ecs");
    const auto task = run_task(ecs, request());
    EXPECT_THAT(task.arn, HasSubstr("task/ttich-prod-eu1/" + task.id()));
    EXPECT_EQ(task.started_by, "eve@laptop");
    EXPECT_THAT(task.task_definition_arn, HasSubstr("task-definition/ops:2"));
    EXPECT_EQ(task.command, request().command);
    EXPECT_THAT(list_tasks(ecs, "ttich-prod-eu1", "ops", "RUNNING"), Contains(task.arn));
    stop_task(ecs, "ttich-prod-eu1", task.arn, "an end was asked for");
    auto seen = describe_task(ecs, "ttich-prod-eu1", task.arn);
    for (int times = 0; seen && seen->last_status != "STOPPED" && times < 10; ++times) {
        seen = describe_task(ecs, "ttich-prod-eu1", task.id());
    }
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->last_status, "STOPPED");
    EXPECT_EQ(seen->desired_status, "STOPPED");
    EXPECT_EQ(seen->stopped_reason, "an end was asked for");
    EXPECT_THAT(seen->containers, SizeIs(1));
    EXPECT_EQ(seen->containers.at(0).name, "ttes");
    EXPECT_FALSE(describe_task(ecs, "ttich-prod-eu1", "0123456789abcdef0123456789abcdef"));
}

// As botocore's own client sends it for the command that the manual prints.
TEST_F(ServicesTest, TheTaskIsAsAskedFor) {
    auto ecs = session_->service("ecs");
    const auto task = run_task(ecs, request());
    const auto seen =
        server->python("t = client('ecs').describe_tasks(cluster='ttich-prod-eu1', tasks=['" + task.arn +
                       "'])['tasks'][0]\n"
                       "print(t['launchType'], t['overrides']['containerOverrides'][0]['name'], "
                       "t['overrides']['containerOverrides'][0]['command'])");
    EXPECT_EQ(seen,
              "FARGATE ttes ['tti-lw-stack', 'is-db', 'create-tenant', '--name=Command Line, \"x\"']\n");
}

TEST_F(ServicesTest, SaysWhyATaskCannotBeStarted) {
    auto ecs = session_->service("ecs");
    auto wrong = request();
    wrong.task_definition = "no-such-definition";
    try {
        run_task(ecs, wrong);
        FAIL() << "there is no such definition";
    } catch (const ServiceError& error) {
        EXPECT_THAT(error.what(), HasSubstr("AWS ecs RunTask: "));
        EXPECT_THAT(error.problem().code, HasSubstr("ClientException"));
    }
    wrong = request();
    wrong.cluster = "no-such-cluster";
    EXPECT_THROW(run_task(ecs, wrong), ServiceError);
}

TEST_F(ServicesTest, ReadsATaskDefinition) {
    auto ecs = session_->service("ecs");
    const auto definition = describe_task_definition(ecs, "ops");
    EXPECT_EQ(definition.family, "ops");
    EXPECT_EQ(definition.revision, 2);
    EXPECT_EQ(definition.status, "ACTIVE");
    EXPECT_EQ(definition.task_role_arn, "arn:aws:iam::123456789012:role/task");
    EXPECT_EQ(definition.execution_role_arn, "arn:aws:iam::123456789012:role/execution");
    EXPECT_THAT(definition.compatibilities, Contains("FARGATE"));
    ASSERT_THAT(definition.containers, SizeIs(1));
    const auto& container = definition.containers.front();
    EXPECT_EQ(container.name, "ttes");
    EXPECT_EQ(container.image, "lorawan-stack:3.36.2-aws");
    EXPECT_EQ(container.log_driver, "awslogs");
    EXPECT_EQ(container.log_options.at("awslogs-group"), "/ops");
    EXPECT_THAT(container.secrets, ElementsAre("arn:aws:secretsmanager:eu-west-1:123456789012:secret:k"));
    EXPECT_EQ(container.stop_timeout, 30);
    EXPECT_EQ(describe_task_definition(ecs, "ops:1").revision, 1);
}

TEST_F(ServicesTest, ReadsALogThatIsLateAndInPieces) {
    auto logs = session_->service("logs");
    auto page = get_log_events(logs, "/ops", "ops/ttes/1", "");
    EXPECT_FALSE(page.stream_is_there);
    const auto write = [](const std::string& message, int time) {
        server->python(
            "import time\nlogs = client('logs')\n"
            "try: logs.create_log_stream(logGroupName='/ops', logStreamName='ops/ttes/1')\n"
            "except logs.exceptions.ResourceAlreadyExistsException: pass\n"
            "logs.put_log_events(logGroupName='/ops', logStreamName='ops/ttes/1', logEvents=[{'timestamp': "
            "int(time.time()) * 1000 + " +
            std::to_string(time) + ", 'message': '" + message + "'}])");
    };
    write("first", 1);
    page = get_log_events(logs, "/ops", "ops/ttes/1", page.next);
    ASSERT_THAT(page.events, SizeIs(1));
    EXPECT_EQ(page.events[0].message, "first");
    EXPECT_EQ(page.events[0].time.time_since_epoch() % std::chrono::seconds{1}, std::chrono::milliseconds{1});
    page = get_log_events(logs, "/ops", "ops/ttes/1", page.next);
    EXPECT_THAT(page.events, IsEmpty());
    write("second \u00fc", 900);
    page = get_log_events(logs, "/ops", "ops/ttes/1", page.next);
    ASSERT_THAT(page.events, SizeIs(1));
    EXPECT_EQ(page.events[0].message, "second \u00fc");
}

template <typename Action>
std::string refusal(Action action) {
    try {
        action();
    } catch (const Error& error) {
        return std::string(error.what()) + " | " + error.hint();
    }
    return "nothing was refused";
}

TEST_F(ServicesTest, ReadsSecrets) {
    const std::string name = "secretsmanager:ttich-prod-eu1-console-oauth-client";
    EXPECT_EQ(read_secret_reference(*session_, name + "#client_secret").reveal(), "s3cr3t");
    EXPECT_EQ(read_secret_reference(*session_, name).reveal(),
              R"({"client_id": "console-eu1", "client_secret": "s3cr3t", "n": 1})");
    EXPECT_EQ(read_secret_reference(*session_, "ssm:/ttich/domain").reveal(), "thethings.example.com");
    const auto field = refusal([&] { read_secret_reference(*session_, name + "#secret"); });
    EXPECT_EQ(field,
              "secret ttich-prod-eu1-console-oauth-client has no text in a field \"secret\" | Its fields: "
              "client_id, client_secret, n.");
    EXPECT_THAT(refusal([&] { read_secret_reference(*session_, name + "#n"); }),
                HasSubstr("no text in a field"));
    EXPECT_THAT(refusal([&] { read_secret_reference(*session_, "secretsmanager:binary"); }),
                HasSubstr("is binary"));
    EXPECT_THAT(refusal([&] { read_secret_reference(*session_, "secretsmanager:none"); }),
                HasSubstr("ResourceNotFoundException"));
    EXPECT_THAT(refusal([&] { read_secret_reference(*session_, "ssm:none"); }),
                HasSubstr("ParameterNotFound"));
    EXPECT_THAT(refusal([&] { read_secret_reference(*session_, "hunter2"); }),
                testing::Not(HasSubstr("hunter2")));
}

TEST_F(ServicesTest, ReadsTheNetwork) {
    auto ec2 = session_->service("ec2");
    const auto subnets = describe_subnets(ec2, {network[0], network[1]});
    ASSERT_THAT(subnets, SizeIs(2));
    EXPECT_EQ(subnets[0].network, subnets[1].network);
    EXPECT_THAT(subnets[0].network, HasSubstr("vpc-"));
    EXPECT_GT(subnets[0].free_addresses, 200);
    const auto groups = describe_security_groups(ec2, {network[2]});
    ASSERT_THAT(groups, SizeIs(1));
    EXPECT_EQ(groups[0].network, subnets[0].network);
    EXPECT_THAT(refusal([&] { describe_subnets(ec2, {"subnet-00000000"}); }),
                HasSubstr("InvalidSubnetID.NotFound"));
}

TEST_F(ServicesTest, SaysWhoCalls) {
    auto sts = session_->service("sts");
    EXPECT_EQ(get_caller_identity(sts).account, "123456789012");
    EXPECT_THAT(get_caller_identity(sts).arn, HasSubstr("arn:aws:"));
}

TEST_F(ServicesTest, ReadsARole) {
    auto iam = session_->service("iam");
    const auto role = get_role(iam, role_name("arn:aws:iam::123456789012:role/ops/task"));
    EXPECT_EQ(role.arn, "arn:aws:iam::123456789012:role/ops/task");
    EXPECT_THAT(role.trust, HasSubstr(R"("Service": "ecs-tasks.amazonaws.com")"));
    EXPECT_THAT(refusal([&] { get_role(iam, "none"); }), HasSubstr("NoSuchEntity"));
}

TEST_F(ServicesTest, KnowsSecretsWithoutTheirValues) {
    auto secretsmanager = session_->service("secretsmanager");
    EXPECT_TRUE(has_secret(secretsmanager, "ttich-prod-eu1-console-oauth-client"));
    EXPECT_FALSE(has_secret(secretsmanager, "none"));
    EXPECT_FALSE(has_secret(secretsmanager, "going"));
    auto ssm = session_->service("ssm");
    const std::string arn = "arn:aws:ssm:eu-west-1:123456789012:parameter";
    EXPECT_THAT(missing_parameters(ssm, {"/ttich/domain", arn + "/ttich/domain", arn + "/plain"}), IsEmpty());
    EXPECT_THAT(missing_parameters(ssm, {"/ttich", "/ttich/domain", arn + "/ttich"}),
                ElementsAre("/ttich", arn + "/ttich"));
    EXPECT_THAT(missing_parameters(ssm, std::vector<std::string>(60, "none")), SizeIs(60));
    EXPECT_THAT(missing_parameters(ssm, {}), IsEmpty());
}

TEST_F(ServicesTest, ReadsLogGroups) {
    auto logs = session_->service("logs");
    ASSERT_TRUE(describe_log_group(logs, "/ops"));
    EXPECT_FALSE(describe_log_group(logs, "/ops")->retention_days);
    EXPECT_EQ(describe_log_group(logs, "/ops/kept")->retention_days, 30);
    EXPECT_FALSE(describe_log_group(logs, "/op"));
}

TEST_F(ServicesTest, ReadsTheEndOfALog) {
    auto logs = session_->service("logs");
    EXPECT_THAT(last_log_events(logs, "/ops", "ops/ttes/none", 2), IsEmpty());
    server->python(
        "import time\nlogs = client('logs')\n"
        "logs.create_log_stream(logGroupName='/ops', logStreamName='ops/ttes/long')\n"
        "logs.put_log_events(logGroupName='/ops', logStreamName='ops/ttes/long', logEvents=[{'timestamp': "
        "int(time.time()) * 1000 + i, 'message': f'line {i}'} for i in range(9)])");
    std::vector<std::string> lines;
    for (const auto& event : last_log_events(logs, "/ops", "ops/ttes/long", 2))
        lines.push_back(event.message);
    EXPECT_THAT(lines, ElementsAre("line 7", "line 8"));
}

TEST_F(ServicesTest, KnowsClusters) {
    auto ecs = session_->service("ecs");
    EXPECT_EQ(cluster_status(ecs, "ttich-prod-eu1"), "ACTIVE");
    EXPECT_EQ(cluster_status(ecs, "none"), "");
}

TEST_F(ServicesTest, ReadsManyTasksAtOnce) {
    server->python(
        "ecs = client('ecs')\necs.create_cluster(clusterName='many')\n"
        "ecs.register_task_definition(family='plain', containerDefinitions=[{'name': 'ttes', 'image': 'i', "
        "'cpu': 1, "
        "'memory': 1}], requiresCompatibilities=['FARGATE'], networkMode='awsvpc', cpu='256', memory='512')\n"
        "for i in range(11): ecs.run_task(cluster='many', taskDefinition='plain', launchType='FARGATE', "
        "count=10, "
        "networkConfiguration={'awsvpcConfiguration': {'subnets': ['" +
        network[0] + "'], 'securityGroups': ['" + network[2] + "']}})");
    auto ecs = session_->service("ecs");
    const auto arns = list_tasks(ecs, "many", "plain", "RUNNING");
    ASSERT_THAT(arns, SizeIs(110));
    std::vector<std::string> seen;
    for (const auto& task : describe_tasks(ecs, "many", arns)) seen.push_back(task.arn);
    EXPECT_THAT(seen, testing::UnorderedElementsAreArray(arns));
}

TEST_F(ServicesTest, AssumesARole) {
    auto sts = session_->service("sts");
    const auto credentials =
        assume_role(sts, {.role_arn = "arn:aws:iam::123456789012:role/ops", .session_name = "night"});
    EXPECT_THAT(credentials.access_key_id, HasSubstr("ASIA"));
    EXPECT_FALSE(credentials.session_token.empty());
    ASSERT_TRUE(credentials.expires);
    EXPECT_GT(*credentials.expires, std::chrono::system_clock::now());
}

}  // namespace
}  // namespace tti::aws
