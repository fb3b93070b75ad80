#include "ecs/ending.hpp"

#include <gmock/gmock.h>

namespace tti::ecs {
namespace {

using testing::AllOf;
using testing::HasSubstr;

aws::Task stopped(const std::string& code, const std::string& reason, std::optional<int> exit_code = {}) {
    return {.arn = "arn:aws:ecs:eu-west-1:1:task/c/0123abcd",
            .last_status = "STOPPED",
            .stop_code = code,
            .stopped_reason = reason,
            .containers = {{.name = "ttes", .status = "STOPPED", .exit_code = exit_code}}};
}

aws::Task started(aws::Task task) {
    task.started_at = aws::Time{};
    return task;
}

struct Case {
    const char* name;
    const char* reason;
    const char* what;
    const char* hint;
};

void PrintTo(const Case& shown, std::ostream* stream) {
    *stream << shown.name;
}

class NeverStarted : public testing::TestWithParam<Case> {};

TEST_P(NeverStarted, SaysWhyInPlainWordsAndInAwsOwn) {
    const auto ending = ending_of(stopped("TaskFailedToStart", GetParam().reason), {});
    EXPECT_EQ(ending.code, ExitCode::never_started);
    ASSERT_TRUE(ending.error);
    EXPECT_EQ(ending.error->code(), ExitCode::never_started);
    EXPECT_THAT(ending.error->what(), AllOf(HasSubstr("task 0123abcd never started"),
                                            HasSubstr(GetParam().what), HasSubstr(GetParam().reason)));
    EXPECT_THAT(ending.error->hint(), AllOf(HasSubstr(GetParam().hint), HasSubstr("ecs verify")));
}

// Source of the texts: Amazon ECS, "Stopped task error messages".
constexpr Case cases[] = {
    {"image", "CannotPullContainerError: pull image manifest has been retried 1 time(s): not found",
     "its image cannot be pulled", "Ops Image"},
    {"registry",
     "CannotPullContainerError: Error response from daemon: Get https://registry-1.docker.io/v2/: net/http: "
     "request "
     "canceled while waiting for connection (Client.Timeout exceeded while awaiting headers): timeout",
     "its subnets do not reach the registry", "NAT gateway"},
    {"secret",
     "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval "
     "failed: "
     "unable to retrieve secret from asm: AccessDeniedException",
     "a secret or parameter of its definition cannot be read", "execution role"},
    {"parameter",
     "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval "
     "failed: "
     "invalid parameters: /ttich/domain",
     "a secret or parameter of its definition cannot be read", "execution role"},
    {"network",
     "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry "
     "auth from "
     "Amazon ECR: There is a connection issue between the task and Amazon ECR. dial tcp: i/o timeout",
     "its subnets do not reach AWS", "VPC endpoints"},
    {"interface", "Timeout waiting for network interface provisioning to complete.",
     "its network interface was not made in time", "run the same command again"},
    {"role", "ECS was unable to assume the role 'arn:aws:iam::1:role/ops' that was provided for this task.",
     "its role cannot be assumed", "iam:PassRole"},
    {"log_group",
     "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: "
     "The "
     "specified log group does not exist.",
     "its log cannot be written", "log group"},
    {"capacity", "Capacity is unavailable at this time. Please try again later or in a different zone",
     "no capacity", "in some minutes"},
    {"processor", "CannotStartContainerError: exec /usr/bin/tti-lw-stack: exec format error",
     "another processor", "runtime platform"},
    {"program",
     "CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: "
     "exec: "
     "\"tti-lw-stack\": executable file not found in $PATH",
     "does not have the program", "Ops Image"},
    {"unheard_of", "SomethingElse: never seen", "never started (AWS: SomethingElse", "ecs verify"},
};
INSTANTIATE_TEST_SUITE_P(Reasons, NeverStarted, testing::ValuesIn(cases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Ending, IsTheCommandsOwnWhereItRan) {
    for (const int code : {0, 1, 3, 6, 9, 130}) {
        const auto ending =
            ending_of(started(stopped("EssentialContainerExited", "Essential container", code)), {});
        EXPECT_EQ(static_cast<int>(ending.code), code);
        EXPECT_FALSE(ending.error) << code;
    }
}

TEST(Ending, KnowsWhatKilledTheCommand) {
    auto task = started(stopped("EssentialContainerExited", "Essential container in task exited", 137));
    EXPECT_THAT(ending_of(task, {}).error->what(), HasSubstr("signal 9"));
    task.containers[0].reason = "OutOfMemoryError: Container killed due to memory usage";
    const auto out_of_memory = ending_of(task, {});
    EXPECT_EQ(static_cast<int>(out_of_memory.code), 137);
    EXPECT_THAT(out_of_memory.error->what(), HasSubstr("more memory than it has"));
    const auto timed_out = ending_of(started(stopped("UserInitiated", "tti-lw-stack: …", 137)), {});
    EXPECT_THAT(timed_out.error->what(), HasSubstr("stop time-out"));
    EXPECT_THAT(ending_of(started(stopped("", "", 139)), {}).error->what(), HasSubstr("signal 11"));
    // exit(-1) of another program is no signal.
    EXPECT_FALSE(ending_of(started(stopped("", "", 255)), {}).error);
}

TEST(Ending, OfAHostThatIsGoneIsNotThatOfACommandThatNeverBegan) {
    const auto task = started(stopped("TerminationNotice", "the underlying host is being retired"));
    const auto ending = ending_of(task, {});
    EXPECT_EQ(ending.code, ExitCode::unexpected);
    EXPECT_THAT(ending.error->what(),
                AllOf(HasSubstr("without an exit code"), HasSubstr("TerminationNotice")));
    EXPECT_EQ(ending_of(task, ExitCode::due).code, ExitCode::due);
    EXPECT_FALSE(ending_of(task, ExitCode::due).error);
}

TEST(Ending, OfATaskStoppedEarlyChangedNothing) {
    const auto ending = ending_of(stopped("UserInitiated", "tti-lw-stack: an end was asked for"), {});
    EXPECT_EQ(ending.code, ExitCode::interrupted);
    EXPECT_THAT(ending.error->hint(), HasSubstr("Nothing was changed"));
}

TEST(Ending, WithoutAWordIsStillOne) {
    const auto ending = ending_of(stopped("EssentialContainerExited", ""), {});
    EXPECT_EQ(ending.code, ExitCode::never_started);
    EXPECT_THAT(ending.error->what(), HasSubstr("AWS gives no reason"));
}

// The network interface is given back only afterwards.
TEST(Ending, IsKnownBeforeTheTaskIsGone) {
    auto task = started(stopped("EssentialContainerExited", "", 0));
    task.last_status = "DEPROVISIONING";
    EXPECT_TRUE(is_over(task));
    task.containers[0].exit_code.reset();
    EXPECT_FALSE(is_over(task));
    task.containers.clear();
    EXPECT_FALSE(is_over(task));
    task.last_status = "STOPPED";
    EXPECT_TRUE(is_over(task));
}

TEST(Ending, OfARequestThatAwsRefusesIsTheSame) {
    const auto pass_role = refusal_to_start(
        Error(ExitCode::refused,
              "AWS ecs RunTask: User: x is not authorized to perform: iam:PassRole on resource: "
              "y (AccessDeniedException)",
              "The caller needs the permission ecs:RunTask."));
    EXPECT_EQ(pass_role.code(), ExitCode::never_started);
    EXPECT_THAT(pass_role.what(), AllOf(HasSubstr("you may not pass its roles"), HasSubstr("User: x")));
    const auto other = refusal_to_start(Error(ExitCode::unexpected, "AWS ecs RunTask: no such cluster", ""));
    EXPECT_EQ(other.code(), ExitCode::never_started);
    EXPECT_THAT(other.what(), HasSubstr("no such cluster"));
}

}  // namespace
}  // namespace tti::ecs
