#include "ecs/forms.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ecs/find_stack.hpp"
#include "ecs/shell_words.hpp"
#include "ecs/task.hpp"
#include "util/error.hpp"

namespace tti::ecs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const RunArguments where{.task_definition = "arn:aws:ecs:eu-west-1:1:task-definition/ops:3",
                         .cluster = "ttich-prod-eu1",
                         .subnets = {"subnet-1", "subnet-2"},
                         .security_group = "sg-1"};
const Words page{"tti-lw-stack", "is-db", "create-oauth-client", "--tenant-id=NULL",
                 "--name=Command Line Interface"};
const Words odd{
    "tti-lw-stack", "x", "--name=it's \"$HOME\" \\ ; | *", "--empty=", "--city=Z\u00fcrich", "\t"};

TEST(Forms, AreThoseOfThePage) {
    EXPECT_EQ(console_line(page),
              "tti-lw-stack,is-db,create-oauth-client,--tenant-id=NULL,--name=Command Line Interface");
    EXPECT_EQ(json_array(Words{"tti-lw-stack", "is-db", "migrate"}), R"(["tti-lw-stack","is-db","migrate"])");
    EXPECT_EQ(run_task_call(Words{"tti-lw-stack", "it's"}, where),
              "aws ecs run-task --task-definition 'arn:aws:ecs:eu-west-1:1:task-definition/ops:3' "
              "--cluster 'ttich-prod-eu1' --launch-type FARGATE --network-configuration "
              "'{\"awsvpcConfiguration\":{\"assignPublicIp\":\"DISABLED\",\"securityGroups\":[\"sg-1\"],"
              "\"subnets\":[\"subnet-1\",\"subnet-2\"]}}' --overrides "
              "'{\"containerOverrides\":[{\"name\":\"ttes\",\"command\":[\"tti-lw-stack\",\"it'\\''s\"]}]}'");
}

TEST(Forms, HaveVariablesWhereNoDeploymentIsNamed) {
    EXPECT_EQ(run_task_call(Words{"tti-lw-stack", "it's"}),
              "aws ecs run-task --task-definition \"$TASK_DEFINITION\" --cluster \"$CLUSTER_NAME\" "
              "--launch-type FARGATE --network-configuration "
              "\"awsvpcConfiguration={subnets=[$SUBNET_ONE,$SUBNET_TWO],securityGroups=[$SECURITY_GROUP],"
              "assignPublicIp=DISABLED}\" --overrides "
              "'{\"containerOverrides\":[{\"name\":\"ttes\",\"command\":[\"tti-lw-stack\",\"it'\\''s\"]}]}'");
}

TEST(Forms, AreReadBack) {
    EXPECT_EQ(parse_console_line(*console_line(page)), page);
    EXPECT_EQ(parse_json_array(*json_array(odd)), odd);
    EXPECT_EQ(parse_run_task_call(*run_task_call(odd, where)), odd);
    EXPECT_EQ(parse_run_task_call(*run_task_call(odd)), odd);
}

// The call as the page prints it.
TEST(Forms, AreReadAsTheyStandInNotes) {
    const auto words = parse_run_task_call(R"(aws ecs run-task \
  --task-definition $TASK \
  --overrides '{"containerOverrides": [{"name": "ttes", "command": ["tti-lw-stack", "is-db", "migrate"]}]}')");
    EXPECT_THAT(*words, ElementsAre("tti-lw-stack", "is-db", "migrate"));
    const auto replaced = parse_run_task_call(
        R"(aws ecs run-task --overrides "{\"containerOverrides\":[{\"name\":\"ttes\",\"command\":[\"$C\"]}]}")");
    EXPECT_FALSE(replaced);
    EXPECT_THAT(replaced.error(), HasSubstr("$"));
    EXPECT_FALSE(parse_run_task_call("aws ecs run-task --cluster $(name) --overrides '{}'"));
    EXPECT_THAT(*parse_run_task_call(
                    "aws ecs run-task \\\n --cluster \"a b\" \\\r\n"
                    " --overrides='{\"containerOverrides\": [{\"name\": \"other\"}, {\"name\": \"ttes\","
                    "\"command\": [\"tti-lw-stack\", \"is-db\", \"migrate\"]}]}'"),
                ElementsAre("tti-lw-stack", "is-db", "migrate"));
    EXPECT_THAT(*parse_console_line(" tti-lw-stack , is-db,migrate\n"),
                ElementsAre("tti-lw-stack", "is-db", "migrate"));
}

TEST(Forms, RefuseWhatTheyCannotCarry) {
    EXPECT_THAT(console_line(Words{"a", "b,c"}).error(), HasSubstr("\"b,c\" holds a comma"));
    EXPECT_FALSE(console_line(Words{"a", ""}));
    EXPECT_FALSE(console_line(Words{"a", " b"}));
    EXPECT_FALSE(console_line(Words{"a", "b\nc"}));
    EXPECT_FALSE(json_array(Words{"a", "\xff"}));
    EXPECT_FALSE(run_task_call(Words{"a", "\xff"}, where));
}

TEST(Forms, RefuseWhatIsNone) {
    for (const auto* text : {"", "{}", "[]", "[1]", "[\"a\"", "a"})
        EXPECT_FALSE(parse_json_array(text)) << text;
    for (const auto* text : {"", "a,,b", "a,", "a,b\nc"}) EXPECT_FALSE(parse_console_line(text)) << text;
    for (const auto* text :
         {"", "aws ecs stop-task", "aws ecs run-task", "aws ecs run-task --overrides x",
          "aws ecs run-task --overrides '{}'",
          "aws ecs run-task --overrides '{\"containerOverrides\":[{\"name\":\"x\",\"command\":[\"a\"]}]}'",
          "aws ecs run-task --overrides '{\"containerOverrides\":[{\"name\":7,\"command\":[\"a\"]}]}'",
          "aws ecs run-task --overrides '{\"containerOverrides\":7}'", "aws ecs run-task --overrides '"}) {
        EXPECT_FALSE(parse_run_task_call(text)) << text;
    }
}

TEST(ShellWords, AreThoseOfAShell) {
    EXPECT_THAT(*parse_shell_words(R"(a "b c" 'd\e' f\ g "" "h\"i\j" k'l'"m")"),
                ElementsAre("a", "b c", "d\\e", "f g", "", "h\"i\\j", "klm"));
    EXPECT_TRUE(parse_shell_words("")->empty());
    for (const auto* text : {"'a", "\"a", "a\\", "$a", "\"`a`\"", "a|b", "a;b", "a>b", "a*"}) {
        EXPECT_FALSE(parse_shell_words(text)) << text;
    }
    EXPECT_THAT(*parse_shell_words("'$a`;|*' \"a;b*\""), ElementsAre("$a`;|*", "a;b*"));
}

TEST(RunArguments, AreFiveWords) {
    const auto arguments = parse_run_arguments(" arn:x/ops:3 ttich-prod-eu1  subnet-1 subnet-2 sg-1\n");
    ASSERT_TRUE(arguments);
    EXPECT_EQ(format_run_arguments(*arguments), "arn:x/ops:3 ttich-prod-eu1 subnet-1 subnet-2 sg-1");
    EXPECT_THAT(parse_run_arguments("a b subnet-1 subnet-2").error(), HasSubstr("4 words instead of five"));
    EXPECT_FALSE(parse_run_arguments("a b subnet-1 c sg-1"));
    EXPECT_FALSE(parse_run_arguments("a b subnet-1 subnet-2 c"));
}

aws::Stack stack(const std::string& name, const std::string& value = {}) {
    aws::Stack stack{.name = name, .status = "CREATE_COMPLETE"};
    if (!value.empty()) stack.outputs["OpsRunTaskArguments"] = value;
    return stack;
}

template <typename Action>
UsageError refusal(Action action) {
    try {
        action();
    } catch (const UsageError& error) {
        return error;
    }
    throw std::runtime_error("nothing was refused");
}

TEST(FindStack, TakesAWholeNameOrTheBeginningOfOneDeployment) {
    const std::vector<aws::Stack> stacks{
        stack("ttich-prod-eu1-vpc"), stack("ttich-prod-eu1-ecs-ops", "a b subnet-1 subnet-2 sg-1"),
        stack("ttich-prod-eu10-ecs-ops", "c d subnet-1 subnet-2 sg-1"), stack("broken", "a b")};
    EXPECT_EQ(choose_stack(stacks, "ttich-prod-eu1").name, "ttich-prod-eu1-ecs-ops");
    EXPECT_EQ(choose_stack(stacks, "ttich-prod-eu10-").arguments.task_definition, "c");
    EXPECT_EQ(choose_stack(stacks, "ttich-prod-eu1-ecs-ops").arguments.cluster, "b");
    EXPECT_THAT(refusal([&] { choose_stack(stacks, "ttich-prod"); }).hint(),
                HasSubstr("ttich-prod-eu1-ecs-ops, ttich-prod-eu10-ecs-ops"));
    EXPECT_THAT(refusal([&] { choose_stack(stacks, "ttich-prod-eu1-vpc"); }).what(),
                HasSubstr("has no output"));
    EXPECT_THAT(refusal([&] { choose_stack(stacks, "broken"); }).hint(), HasSubstr("--ecs-arguments"));
    EXPECT_THAT(refusal([&] { choose_stack(stacks, "other"); }).hint(), HasSubstr("ttich-prod-eu10-ecs-ops"));
    EXPECT_THAT(refusal([&] { choose_stack({}, "other"); }).hint(), HasSubstr("AWS_REGION"));
}

TEST(Task, RunsInBothSubnetsWithoutAPublicAddress) {
    const auto request = task_request(where, page, "token");
    EXPECT_EQ(request.command, page);
    EXPECT_THAT(request.subnets, ElementsAre("subnet-1", "subnet-2"));
    EXPECT_THAT(request.security_groups, ElementsAre("sg-1"));
    EXPECT_FALSE(request.public_address);
    EXPECT_EQ(request.container, "ttes");
    EXPECT_EQ(request.client_token, "token");
}

}  // namespace
}  // namespace tti::ecs
