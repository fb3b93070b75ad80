#include "stack/passing_reporter.hpp"

#include <gmock/gmock.h>

#include "operation/recorder.hpp"
#include "util/error.hpp"

namespace tti::stack {
namespace {

using operation::Level;
using operation::Plan;
using operation::Progress;
using operation::Step;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Keeps what it is told.
class Told final : public operation::Reporter {
  public:
    using Reporter::log;
    void log(Level, std::string_view message, const nlohmann::json& fields) override {
        logs.push_back(std::string(message) + " " + fields.dump());
    }
    void plan(const Plan&, bool) override { lines.emplace_back("plan"); }
    void progress(const Progress& progress) override {
        lines.push_back(progress.step + " " + std::to_string(progress.number) + "/" +
                        std::to_string(progress.of));
    }
    void step_done(const Step& step, const operation::Amounts&, std::chrono::milliseconds) override {
        lines.push_back("done " + step.database + " " + step.group + " " + step.name);
    }
    void result(std::string_view, const nlohmann::json&) override { lines.emplace_back("result"); }
    void error(const Error&) override { lines.emplace_back("error"); }

    std::vector<std::string> logs;
    std::vector<std::string> lines;
};

const PassingReporter::Place place{.group = "ns-db", .tenant_id = "acme", .before = 4, .all = 9};

TEST(PassingReporter, CountsStepsOnAndNamesTheirDatabase) {
    Told told;
    PassingReporter reporter(told, place, [](const Plan&) {});
    reporter.progress({.step = "ns:devices 1", .number = 2, .of = 2});
    reporter.step_done({.name = "ns:devices 1"}, {}, std::chrono::milliseconds(1));
    EXPECT_THAT(told.lines, ElementsAre("ns-db ns:devices 1 6/9", "done ns-db acme ns:devices 1"));
}

TEST(PassingReporter, CountsStepsThatNobodyPlanned) {
    Told told;
    PassingReporter reporter(told, place, [](const Plan&) {});
    reporter.progress({.step = "x", .number = 6, .of = 7});
    EXPECT_THAT(told.lines, ElementsAre("ns-db x 10/11"));
}

TEST(PassingReporter, PassesLogsOnWithTheDatabase) {
    Told told;
    PassingReporter reporter(told, place, [](const Plan&) {});
    reporter.log(Level::warn, "Waiting", {{"a", 1}});
    EXPECT_THAT(told.logs, ElementsAre(R"(Waiting {"a":1,"database":"ns-db"})"));
}

TEST(PassingReporter, DoesNotRepeatWarnings) {
    Told told;
    PassingReporter reporter(told, {.group = "ns-db", .told = {"misspelt"}}, [](const Plan&) {});
    reporter.log(Level::warn, "misspelt");
    reporter.log(Level::warn, "another");
    EXPECT_THAT(told.logs, ElementsAre(R"(another {"database":"ns-db"})"));
}

TEST(PassingReporter, KeepsTheResult) {
    Told told;
    PassingReporter reporter(told, place, [](const Plan&) {});
    reporter.result("done", {{"steps", 2}});
    EXPECT_THAT(told.lines, IsEmpty());
    EXPECT_EQ(reporter.text(), "done");
    EXPECT_EQ(reporter.data()["steps"], 2);
}

TEST(PassingReporter, LetsThePlanBeJudgedBeforeItRuns) {
    Told told;
    PassingReporter reporter(told, place, [](const Plan& plan) {
        if (plan.title == "bad") throw RefusedError("no");
    });
    reporter.plan({.title = "good"}, false);
    EXPECT_THROW(reporter.plan({.title = "bad"}, false), RefusedError);
    EXPECT_THAT(told.lines, IsEmpty());
}

}  // namespace
}  // namespace tti::stack
