#include <csignal>

#include <gmock/gmock.h>
#include <unistd.h>

#include "cli/relay_reporter.hpp"
#include "ecs/fake_deployment.hpp"
#include "support/trigger_stop.hpp"
#include "util/text.hpp"

namespace tti::ecs {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using namespace std::chrono_literals;

// Keeps what is told, a line each: "warn: …", "error: …", or the text of a result.
class Told final : public operation::Reporter {
  public:
    void log(operation::Level level, std::string_view message, const nlohmann::json&) override {
        if (level == operation::Level::debug) return;
        lines.push_back((level == operation::Level::warn ? "warn: " : "info: ") + std::string(message));
    }
    void plan(const operation::Plan& plan, bool) override { lines.push_back("plan: " + plan.title); }
    void progress(const operation::Progress&) override {}
    void step_done(const operation::Step&, const operation::Amounts&, std::chrono::milliseconds) override {}
    void result(std::string_view text, const nlohmann::json&) override { lines.emplace_back(text); }
    void error(const Error& error) override { lines.push_back(std::string("error: ") + error.what()); }

    std::vector<std::string> lines;
};

// Somebody at a terminal, or nobody.
class Person final : public operation::Confirmer {
  public:
    [[nodiscard]] bool can_ask() const override { return answer.has_value(); }
    bool ask(const std::string& question) override {
        questions.push_back(question);
        return *answer;
    }
    std::optional<bool> answer;
    std::vector<std::string> questions;
};

// The lines of a run of this program that tells `results` and ends with `code`.
std::vector<std::string> run_that_tells(const std::vector<std::string>& results, ExitCode code) {
    std::ostringstream text;
    cli::RelayStream stream(text);
    cli::RelayReporter reporter(stream, operation::Level::info, std::chrono::steady_clock::now);
    for (const auto& result : results) reporter.result(result, {});
    stream.end(code);
    auto lines = util::split(text.str(), '\n');
    lines.pop_back();
    return lines;
}

class WatchTest : public testing::Test {
  protected:
    Ending run() {
        auto deployment = aws.deployment();
        const std::vector<std::string> command{"is-db", "migrate"};
        return run_as_task(deployment, command, watcher);
    }
    // What ends the watch early.
    Error error_of_run() {
        try {
            run();
        } catch (const Error& error) {
            return error;
        }
        throw std::runtime_error("the watch ended well");
    }
    [[nodiscard]] std::string told() const { return util::join(reporter.lines, "\n"); }
    // Asks for an end the first time that `action` is called after `calls` times.
    void interrupt_at(const std::string& action, int calls) {
        aws.before = [this, action, calls, count = 0](const std::string& called) mutable {
            if (called == action && ++count == calls) trigger.ask();
        };
    }

    util::SignalStop signals;  // blocks them for all threads that follow
    Told reporter;
    Person person;
    test::TriggerStop trigger;
    Interrupts interrupts{trigger};
    FakeDeployment aws{interrupts};
    Watcher watcher{reporter, person, interrupts, aws.clock()};
};

TEST_F(WatchTest, ShowsTheLogAndEndsWithTheCommandsExitCode) {
    const auto lines = run_that_tells({"one", "two", "three"}, ExitCode::due);
    aws.answers["DescribeTasks"] = {FakeDeployment::unknown(), FakeDeployment::running("PROVISIONING"),
                                    FakeDeployment::running(), FakeDeployment::running(),
                                    FakeDeployment::ended(3)};
    // The end of a stream gives back where it was asked for, until there is more.
    aws.answers["GetLogEvents"] = {refusal("ResourceNotFoundException", "no stream"),
                                   FakeDeployment::page({lines[0]}, "f/1"),
                                   FakeDeployment::page({}, "f/1"),
                                   FakeDeployment::page({}, "f/2"),
                                   FakeDeployment::page({lines[1], lines[2]}, "f/3"),
                                   FakeDeployment::page({}, "f/3"),
                                   FakeDeployment::page({lines[3]}, "f/4"),
                                   FakeDeployment::page({}, "f/4")};
    const auto ending = run();
    EXPECT_EQ(ending.code, ExitCode::due);
    EXPECT_FALSE(ending.error);
    EXPECT_THAT(reporter.lines,
                ElementsAre(HasSubstr("Task 0123456789abcdef0123456789abcdef is started: "
                                      "https://eu-west-1.console.aws.amazon.com/ecs/"),
                            HasSubstr("log-group/$252Fops/log-events/ops$252Fttes$252F0123456789abcdef"),
                            "one", "two", "three"));
}

TEST_F(WatchTest, StartsTheTaskThatWasAskedFor) {
    aws.answers["DescribeTasks"] = {FakeDeployment::ended(0)};
    run();
    const auto requests = aws.requests("RunTask");
    ASSERT_THAT(requests, SizeIs(1));
    const auto& container = requests[0]["overrides"]["containerOverrides"][0];
    EXPECT_EQ(container["command"], (nlohmann::json{"tti-lw-stack", "is-db", "migrate"}));
    EXPECT_EQ(container["environment"][0]["name"], "TTI_LW_RELAY");
    EXPECT_EQ(requests[0]["clientToken"].get<std::string>().size(), 32U);
}

TEST_F(WatchTest, StartsOneTaskThoughTheAnswerIsLost) {
    aws.answers["RunTask"].push_front({.cut = true});
    aws.answers["DescribeTasks"] = {FakeDeployment::ended(0)};
    EXPECT_EQ(run().code, ExitCode::done);
    const auto requests = aws.requests("RunTask");
    ASSERT_THAT(requests, SizeIs(2));
    EXPECT_EQ(requests[0]["clientToken"], requests[1]["clientToken"]);
    run();
    EXPECT_NE(aws.requests("RunTask")[2]["clientToken"], requests[0]["clientToken"]) << "of two people";
}

TEST_F(WatchTest, SaysWhereNobodyKnowsWhetherATaskWasStarted) {
    aws.answers["RunTask"] = {{.cut = true}};
    const auto error = error_of_run();
    EXPECT_EQ(error.code(), ExitCode::unreachable);
    EXPECT_THAT(error.what(), HasSubstr("whether a task was started is not known"));
    EXPECT_THAT(error.hint(), HasSubstr("tti-lw-stack ecs tasks --ecs prod-ops"));
}

TEST_F(WatchTest, TellsFailuresOfTheRequestAsNeverStarted) {
    aws.answers["RunTask"] = {ok(nlohmann::json::parse(
        R"({"tasks": [], "failures": [{"reason": "Capacity is unavailable at this time. Please try again"}]})"))};
    const auto capacity = error_of_run();
    EXPECT_EQ(capacity.code(), ExitCode::never_started);
    EXPECT_THAT(capacity.what(), HasSubstr("no capacity"));
    aws.answers["RunTask"] = {refusal("AccessDeniedException", "not authorized to perform: iam:PassRole")};
    EXPECT_EQ(error_of_run().code(), ExitCode::never_started);
}

TEST_F(WatchTest, SurvivesThrottlingAndANetworkThatFails) {
    aws.answers["DescribeTasks"] = {FakeDeployment::running()};
    for (int times = 0; times < 12; ++times) {
        aws.answers["DescribeTasks"].push_back(times < 6 ? refusal("ThrottlingException", "Rate exceeded")
                                                         : test::HttpReply{.cut = true});
    }
    aws.answers["DescribeTasks"].push_back(FakeDeployment::ended(0));
    EXPECT_EQ(run().code, ExitCode::done);
    EXPECT_THAT(reporter.lines,
                Contains(AllOf(HasSubstr("warn: The task goes on"), HasSubstr("Rate exceeded"))));
    EXPECT_THAT(reporter.lines, Contains("info: AWS answers again"));
}

TEST_F(WatchTest, GivesUpAfterAQuarterOfAnHourAndSaysHowToComeBack) {
    aws.answers["DescribeTasks"] = {FakeDeployment::running(),
                                    refusal("ThrottlingException", "Rate exceeded")};
    const auto begin = aws.clock().now();
    const auto error = error_of_run();
    EXPECT_GE(aws.clock().now() - begin, 15min);
    EXPECT_LE(aws.clock().now() - begin, 20min);
    EXPECT_EQ(error.code(), ExitCode::unreachable);
    EXPECT_THAT(error.what(), HasSubstr("no longer watched, and goes on"));
    EXPECT_EQ(error.hint(),
              "Watch it again with: tti-lw-stack ecs attach 0123456789abcdef0123456789abcdef --ecs prod-ops");
}

// Keys in variables are never others.
TEST_F(WatchTest, EndsWhereCredentialsHaveExpiredForGood) {
    aws.answers["DescribeTasks"] = {FakeDeployment::running(),
                                    refusal("ExpiredTokenException", "The token has expired")};
    const auto error = error_of_run();
    EXPECT_THAT(error.what(), AllOf(HasSubstr("goes on"), HasSubstr("expired")));
    EXPECT_THAT(error.hint(), HasSubstr("ecs attach"));
}

TEST_F(WatchTest, WatchesOnWhereTheLogMayNotBeRead) {
    aws.answers["DescribeTasks"] = {FakeDeployment::running(), FakeDeployment::ended(7)};
    aws.answers["GetLogEvents"] = {
        refusal("AccessDeniedException", "not authorized to perform: logs:GetLogEvents")};
    EXPECT_EQ(run().code, ExitCode::partly_failed);
    EXPECT_THAT(told(), AllOf(HasSubstr("The log cannot be read"), HasSubstr("logs:GetLogEvents"),
                              HasSubstr("ended with exit code 7")));
    EXPECT_THAT(aws.requests("GetLogEvents"), SizeIs(1));
}

TEST_F(WatchTest, WaitsForTheLastLine) {
    const auto lines = run_that_tells({"one"}, ExitCode::done);
    aws.answers["DescribeTasks"] = {FakeDeployment::ended(0)};
    aws.answers["GetLogEvents"] = {FakeDeployment::page({lines[0]}, "f/1")};
    for (int seconds = 0; seconds < 40; ++seconds) {
        aws.answers["GetLogEvents"].push_back(FakeDeployment::page({}, "f/1"));
    }
    aws.answers["GetLogEvents"].push_back(FakeDeployment::page({lines[1]}, "f/2"));
    const auto begin = aws.clock().now();
    EXPECT_EQ(run().code, ExitCode::done);
    EXPECT_GE(aws.clock().now() - begin, 30s);
    EXPECT_THAT(told(), Not(HasSubstr("warn")));
}

TEST_F(WatchTest, SaysWhereTheLastLineDoesNotCome) {
    const auto lines = run_that_tells({"one"}, ExitCode::done);
    aws.answers["DescribeTasks"] = {FakeDeployment::ended(0)};
    aws.answers["GetLogEvents"] = {FakeDeployment::page({lines[0]}, "f/1"), FakeDeployment::page({}, "f/1")};
    const auto begin = aws.clock().now();
    EXPECT_EQ(run().code, ExitCode::done);
    EXPECT_LE(aws.clock().now() - begin, 2min);
    EXPECT_THAT(reporter.lines,
                Contains(AllOf(HasSubstr("The last line of the command is not in the log"),
                               HasSubstr("tti-lw-stack ecs logs 0123456789abcdef0123456789abcdef"))));
}

TEST_F(WatchTest, FindsLinesThatCameLateIntoTheMiddle) {
    const auto lines = run_that_tells({"one", "two"}, ExitCode::done);
    aws.answers["DescribeTasks"] = {FakeDeployment::ended(0)};
    aws.answers["GetLogEvents"] = {FakeDeployment::page({lines[0], lines[2]}, "f/1"),
                                   FakeDeployment::page({}, "f/1"), FakeDeployment::page(lines, "f/1"),
                                   FakeDeployment::page({}, "f/1")};
    EXPECT_EQ(run().code, ExitCode::done);
    EXPECT_THAT(reporter.lines, Contains("two"));
    EXPECT_THAT(told(), Not(HasSubstr("missing")));
}

TEST_F(WatchTest, ShowsWhatAnotherProgramPrints) {
    aws.answers["DescribeTasks"] = {FakeDeployment::running(), FakeDeployment::ended(1)};
    aws.answers["GetLogEvents"] = {FakeDeployment::page({"  INFO\tMigrating", ""}, "f/1"),
                                   FakeDeployment::page({}, "f/1")};
    EXPECT_EQ(run().code, ExitCode::unexpected);
    EXPECT_THAT(reporter.lines, testing::IsSupersetOf({"  INFO\tMigrating\n", "\n"}));
    EXPECT_THAT(told(), HasSubstr("ended with exit code 1"));
}

TEST_F(WatchTest, WaitsForNoLogOfATaskThatNeverStarted) {
    aws.answers["DescribeTasks"] = {ok(nlohmann::json::parse(
        R"({"tasks": [{"taskArn": "arn:aws:ecs:eu-west-1:123456789012:task/prod/0123456789abcdef0123456789abcdef",
            "lastStatus": "STOPPED", "stopCode": "TaskFailedToStart", "stoppedReason": "CannotPullContainerError: not found",
            "containers": [{"name": "ttes", "lastStatus": "STOPPED"}]}]})"))};
    const auto begin = aws.clock().now();
    const auto ending = run();
    EXPECT_EQ(ending.code, ExitCode::never_started);
    EXPECT_THAT(ending.error->what(), HasSubstr("its image cannot be pulled"));
    EXPECT_LE(aws.clock().now() - begin, 2s);
}

TEST_F(WatchTest, StopsTheTaskWhereNobodyCanBeAsked) {
    const auto lines = run_that_tells({"safe point"}, ExitCode::interrupted);
    aws.answers["DescribeTasks"] = {FakeDeployment::running(), FakeDeployment::running(),
                                    FakeDeployment::ended(130, "UserInitiated")};
    aws.answers["GetLogEvents"] = {FakeDeployment::page({}, ""), FakeDeployment::page(lines, "f/1"),
                                   FakeDeployment::page({}, "f/1")};
    interrupt_at("DescribeTasks", 1);
    const auto ending = run();
    EXPECT_EQ(ending.code, ExitCode::interrupted);
    EXPECT_THAT(reporter.lines, Contains("safe point"));
    const auto stops = aws.requests("StopTask");
    ASSERT_THAT(stops, SizeIs(1));
    EXPECT_EQ(stops[0]["task"], task_arn);
    EXPECT_EQ(stops[0]["reason"], "tti-lw-stack: an end was asked for");
}

TEST_F(WatchTest, AsksSomebodyAtATerminal) {
    person.answer = false;
    aws.answers["DescribeTasks"] = {FakeDeployment::running()};
    interrupt_at("DescribeTasks", 2);
    const auto left = error_of_run();
    EXPECT_EQ(left.code(), ExitCode::interrupted);
    EXPECT_THAT(left.what(), HasSubstr("the task goes on"));
    EXPECT_THAT(left.hint(), HasSubstr("ecs attach"));
    EXPECT_THAT(aws.requests("StopTask"), IsEmpty());
    EXPECT_THAT(person.questions, ElementsAre(HasSubstr("Stop task 0123456789abcdef")));
}

TEST_F(WatchTest, StopsTheTaskWhereSomebodyAgrees) {
    person.answer = true;
    aws.answers["DescribeTasks"] = {FakeDeployment::running(), FakeDeployment::running(),
                                    FakeDeployment::ended(130)};
    interrupt_at("DescribeTasks", 1);
    EXPECT_EQ(run().code, ExitCode::interrupted);
    EXPECT_THAT(aws.requests("StopTask"), SizeIs(1));
}

TEST_F(WatchTest, LeavesAtTheSecondRequest) {
    aws.answers["DescribeTasks"] = {FakeDeployment::running()};
    aws.before = [this, stops = 0](const std::string& action) mutable {
        if (action == "DescribeTasks") trigger.ask();
        if (action == "StopTask" && ++stops == 1) kill(getpid(), SIGINT);
    };
    const auto left = error_of_run();
    EXPECT_EQ(left.code(), ExitCode::interrupted);
    EXPECT_THAT(left.what(), HasSubstr("asked to stop, and is left to it"));
    EXPECT_THAT(aws.requests("StopTask"), Not(IsEmpty()));
}

TEST_F(WatchTest, StopsATaskThatWasInterruptedWhileItBegan) {
    aws.answers["DescribeTasks"] = {FakeDeployment::running(), FakeDeployment::ended(130)};
    aws.answers["RunTask"].push_front({.cut = true});
    interrupt_at("RunTask", 1);
    EXPECT_EQ(run().code, ExitCode::interrupted);
    EXPECT_THAT(aws.requests("StopTask"), SizeIs(1));
    const auto requests = aws.requests("RunTask");
    ASSERT_THAT(requests, SizeIs(2));
    EXPECT_EQ(requests[0]["clientToken"], requests[1]["clientToken"]);
}

TEST_F(WatchTest, StopsTheTaskAtItsTimeOut) {
    watcher.limit = 1h;
    aws.answers["DescribeTasks"] = {FakeDeployment::running()};
    aws.before = [this](const std::string& action) {
        if (action == "StopTask") aws.answers["DescribeTasks"] = {FakeDeployment::ended(130)};
    };
    const auto begin = aws.clock().now();
    EXPECT_EQ(run().code, ExitCode::interrupted);
    EXPECT_GE(aws.clock().now() - begin, 1h);
    EXPECT_LE(aws.clock().now() - begin, 1h + 2min);
    EXPECT_EQ(aws.requests("StopTask")[0]["reason"], "tti-lw-stack: its time-out of 1 h 00 min is over");
}

TEST_F(WatchTest, ShowsWhatIsLeftOfATaskThatEcsForgot) {
    const auto lines = run_that_tells({"done"}, ExitCode::done);
    aws.answers["DescribeTasks"] = {FakeDeployment::unknown()};
    aws.answers["GetLogEvents"] = {FakeDeployment::page(lines, "f/1"), FakeDeployment::page({}, "f/1")};
    auto deployment = aws.deployment();
    const auto task = find_task(deployment, task_id, watcher);
    EXPECT_EQ(watch_task(deployment, task, watcher).code, ExitCode::done);
    EXPECT_THAT(told(), AllOf(HasSubstr("ECS does not know task"), HasSubstr("done")));
    EXPECT_THROW(find_task(deployment, "no task", watcher), UsageError);
}

}  // namespace
}  // namespace tti::ecs
