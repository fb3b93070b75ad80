#include "ecs/stop_task.hpp"

#include <gmock/gmock.h>

#include "cli/relay_reporter.hpp"
#include "ecs/fake_deployment.hpp"
#include "ecs/shown_command.hpp"
#include "support/trigger_stop.hpp"
#include "util/text.hpp"

namespace tti::ecs {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::SizeIs;

// Of a run that was stopped in the middle of its second step.
std::vector<std::string> stopped_run() {
    std::ostringstream text;
    cli::RelayStream stream(text);
    cli::RelayReporter reporter(stream, operation::Level::info, std::chrono::steady_clock::now);
    reporter.step_done({.name = "tables"}, {}, std::chrono::milliseconds(5));
    reporter.progress({.step = "index", .number = 2, .of = 3, .unit = "users", .done = 1400, .total = 2000});
    reporter.error(InterruptedError("stopped on request, at a safe point"));
    stream.end(ExitCode::interrupted);
    return util::split(util::trim(text.str()), '\n');
}

std::vector<aws::LogEvent> events(const std::vector<std::string>& lines) {
    std::vector<aws::LogEvent> events;
    for (const auto& line : lines) events.push_back({.time = {}, .message = line, .ingested = {}});
    return events;
}

TEST(ReadLogEnd, TellsWhereARunWas) {
    auto lines = stopped_run();
    const auto whole = read_log_end(events(lines));
    EXPECT_EQ(whole.place, "at step index, 1,400 of 2,000 users");
    EXPECT_TRUE(whole.numbered);
    EXPECT_TRUE(whole.complete);
    const auto late = read_log_end(events({lines[0]}));
    EXPECT_EQ(late.place, "after step tables");
    EXPECT_FALSE(late.complete);
    const auto other = read_log_end(events({"INFO\tStep done", "", R"({"relay":)"}));
    EXPECT_EQ(other.place, "");
    EXPECT_FALSE(other.numbered);
}

class StopTaskTest : public testing::Test {
  protected:
    Stopped stop(const std::string& reason = "enough for tonight") {
        auto deployment = aws.deployment();
        return StopTask(deployment, task_id, reporter, aws.clock(), trigger)(reason);
    }

    operation::Recorder reporter;
    test::TriggerStop trigger;
    FakeDeployment aws{trigger};
};

TEST_F(StopTaskTest, WaitsForTheEndAndTellsWhereItWas) {
    aws.answers["DescribeTasks"] = {FakeDeployment::running(), FakeDeployment::running("DEACTIVATING"),
                                    FakeDeployment::ended(130, "UserInitiated")};
    const auto lines = stopped_run();
    // The last lines come late.
    aws.answers["GetLogEvents"] = {FakeDeployment::page({lines[0]}, "f/1"),
                                   FakeDeployment::page(lines, "f/2")};
    const auto stopped = stop();
    EXPECT_EQ(stopped.ending.code, ExitCode::interrupted);
    EXPECT_FALSE(stopped.ending.error);
    EXPECT_EQ(stopped.last_place, "at step index, 1,400 of 2,000 users");
    const auto requests = aws.requests("StopTask");
    ASSERT_THAT(requests, SizeIs(1));
    EXPECT_EQ(requests[0]["task"], task_id);
    EXPECT_EQ(requests[0]["reason"], "enough for tonight");
    EXPECT_EQ(aws.requests("GetLogEvents").at(0)["startFromHead"], false);
}

TEST_F(StopTaskTest, TellsOneThatWasKilled) {
    aws.answers["DescribeTasks"] = {FakeDeployment::ended(137, "UserInitiated")};
    const auto stopped = stop();
    ASSERT_TRUE(stopped.ending.error);
    EXPECT_THAT(stopped.ending.error->what(), HasSubstr("did not end within its stop time-out"));
    EXPECT_EQ(stopped.last_place, "");
}

TEST_F(StopTaskTest, NeedsNoLog) {
    aws.answers["DescribeTasks"] = {FakeDeployment::ended(0)};
    aws.answers["GetLogEvents"] = {refusal("AccessDeniedException", "not authorized")};
    const auto stopped = stop();
    EXPECT_EQ(stopped.ending.code, ExitCode::done);
    EXPECT_EQ(stopped.last_place, "");
}

TEST_F(StopTaskTest, GoesOnWaitingWhereAwsIsInTrouble) {
    aws.answers["DescribeTasks"] = {FakeDeployment::running(),
                                    {.status = 503, .body = "{}"},
                                    FakeDeployment::ended(130, "UserInitiated")};
    EXPECT_EQ(stop().ending.code, ExitCode::interrupted);
}

TEST_F(StopTaskTest, SaysWhereThereIsNoSuchTask) {
    aws.answers["DescribeTasks"] = {FakeDeployment::unknown()};
    auto deployment = aws.deployment();
    StopTask unknown(deployment, task_id, reporter, aws.clock(), trigger);
    try {
        unknown.look();
        FAIL() << "there is none";
    } catch (const UsageError& error) {
        EXPECT_THAT(error.what(), HasSubstr(std::string("no task ") + task_id + " in cluster prod"));
        EXPECT_THAT(error.hint(), HasSubstr("ecs tasks --ecs prod-ops"));
    }
}

TEST_F(StopTaskTest, WhoEndsTheWaitEndsNothingElse) {
    aws.answers["DescribeTasks"] = {FakeDeployment::running()};
    aws.before = [this](const std::string& action) {
        if (action == "DescribeTasks") trigger.ask();
    };
    EXPECT_THROW(stop(), InterruptedError);
    EXPECT_THAT(aws.requests("StopTask"), SizeIs(1));
}

TEST(ShownCommand, HasNoSecrets) {
    const cli::Command program{
        .name = "tti-lw-stack",
        .children = {{.name = "is-db",
                      .children = {{.name = "create",
                                    .options = {{.name = "id"},
                                                {.name = "secret", .type = settings::Type::secret_text}},
                                    .run = [](auto&) { return ExitCode::done; }}}}}};
    using Words = std::vector<std::string>;
    const auto shown = [&program](const Words& words) { return shown_command(program, words); };
    EXPECT_EQ(shown({"tti-lw-stack", "is-db", "create", "--id", "a", "--secret=hunter2"}),
              "is-db create --id=a --secret=********");
    EXPECT_EQ(shown({"tti-lw-stack", "is-db", "unknown", "--password", "hunter2"}), "is-db unknown ...");
    EXPECT_EQ(shown({"tti-lw-stack", "rd-db", "migrate"}), "rd-db migrate");
    EXPECT_EQ(shown({"tti-lw-stack", "a\033[2Jb"}), "a?[2Jb");
    EXPECT_EQ(shown({}), "");
}

}  // namespace
}  // namespace tti::ecs
