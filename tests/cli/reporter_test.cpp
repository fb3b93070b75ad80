#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "cli/json_reporter.hpp"
#include "cli/plan_text.hpp"
#include "cli/text_reporter.hpp"
#include "sample.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

using operation::Level;
using operation::Plan;
using operation::Step;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

Step sample_step(std::string name = "update_email_index", std::string group = "") {
    return {.name = std::move(name),
            .what = "rebuild the unique index on e-mail addresses",
            .why = "not applied yet",
            .touches = {{"users", 12}},
            .lock = operation::Lock::writes,
            .undo = "",
            .group = std::move(group)};
}

Plan sample_plan() {
    return {.title = "migrate the Identity Server database",
            .steps = {sample_step()},
            .notes = {"a note"},
            .refusals = {},
            .confirmation = "12 users will be lost"};
}

nlohmann::json last_json(const std::ostringstream& stream) {
    const auto lines = util::split(util::trim(stream.str()), '\n');
    return nlohmann::json::parse(lines.back());
}

TEST(LogLine, HasTheStacksShapes) {
    const nlohmann::json fields{{"b", 1}, {"a", "x"}};
    EXPECT_EQ(log_line(Level::info, "Done", {}, {}), "INFO\tDone");
    EXPECT_EQ(log_line(Level::warn, "Done", fields, {}), "WARN\tDone\t{\"a\":\"x\",\"b\":1}");
    EXPECT_EQ(log_line(Level::error, "a \"b\"", fields, {.json = true}),
              R"({"level":"error","msg":"a \"b\"","a":"x","b":1})");
    EXPECT_EQ(log_line(Level::debug, "x", nlohmann::json::object(), {.json = true}),
              R"({"level":"debug","msg":"x"})");
    EXPECT_EQ(log_line(Level::info, "x", {}, {.colour = true}), "\033[36mINFO\033[0m\tx");
}

TEST(LogLine, SurvivesTextThatIsNotUtf8) {
    EXPECT_NO_THROW(nlohmann::json::parse(log_line(Level::info, "\xff", {{"a", "\xfe"}}, {.json = true})));
}

TEST(LogLine, DisarmsControlCharacters) {
    EXPECT_EQ(log_line(Level::warn, "key \033]0;x\a\nof\tothers", {}, {.colour = true}),
              "\033[33mWARN\033[0m\tkey ?]0;x?\nof?others");
}

TEST(LogStyle, ColoursOnlyATerminalThatWantsIt) {
    EXPECT_TRUE(log_style({}, {{"COLORTERM", "truecolor"}}, true).colour);
    EXPECT_TRUE(log_style({}, {{"COLORTERM", "1"}}, true).colour);
    EXPECT_FALSE(log_style({}, {{"COLORTERM", "truecolor"}}, false).colour);
    EXPECT_FALSE(log_style({}, {{"COLORTERM", "truecolor"}, {"NO_COLOR", "1"}}, true).colour);
    EXPECT_TRUE(log_style({}, {{"COLORTERM", "truecolor"}, {"NO_COLOR", ""}}, true).colour);
    EXPECT_FALSE(log_style({}, {{"COLORTERM", "0"}}, true).colour);
    EXPECT_FALSE(log_style({}, {}, true).colour);
}

TEST(TextReporter, HonoursTheLevel) {
    testing::Screen screen;
    TextReporter reporter(screen.terminal(), {.least = Level::warn});
    reporter.log(Level::info, "quiet");
    reporter.log(Level::warn, "loud");
    EXPECT_EQ(screen.messages.str(), "WARN\tloud\n");
}

TEST(TextReporter, ShowsThePlanBeforeAndInADryRunAsTheResult) {
    testing::Screen screen;
    TextReporter reporter(screen.terminal(), {});
    reporter.plan(sample_plan(), false);
    EXPECT_THAT(screen.results.str(), IsEmpty());
    EXPECT_THAT(screen.messages.str(), HasSubstr("Plan: migrate the Identity Server database\n"));
    reporter.plan(sample_plan(), true);
    EXPECT_THAT(screen.results.str(), HasSubstr("dry run"));
}

TEST(TextReporter, KeepsQuietAboutAPlanUnlessSomethingIsToBeAgreedTo) {
    testing::Screen screen;
    TextReporter reporter(screen.terminal(), {.least = Level::error});
    auto plan = sample_plan();
    plan.confirmation.clear();
    reporter.plan(plan, false);
    EXPECT_THAT(screen.messages.str(), IsEmpty());
    reporter.plan(sample_plan(), false);
    EXPECT_THAT(screen.messages.str(), HasSubstr("12 users will be lost"));
}

// What a log of many processes takes in, line by line: ECS, journald.
TEST(TextReporter, WritesNothingButJsonWhereThatIsAskedForAndNobodyLooksOn) {
    testing::Screen screen;
    TextReporter reporter(screen.terminal(), {.json = true});
    reporter.plan(sample_plan(), false);
    reporter.log(Level::info, "begun");
    reporter.step_done(sample_step(), {{"users", 12}}, 1200ms);
    reporter.error(RefusedError("will not do it", "Do this first."));
    const auto lines = util::split(util::trim(screen.messages.str()), '\n');
    ASSERT_EQ(lines.size(), 5U);
    for (const auto& line : lines) EXPECT_TRUE(nlohmann::json::parse(line).contains("level")) << line;
    const auto plan = nlohmann::json::parse(lines.front());
    EXPECT_EQ(plan["msg"], "Plan: migrate the Identity Server database");
    EXPECT_EQ(plan["steps"], 1);
    EXPECT_EQ(plan["confirmation"], "12 users will be lost");
    EXPECT_EQ(nlohmann::json::parse(lines.at(1))["touches"]["users"], 12);
    EXPECT_EQ(last_json(screen.messages), (nlohmann::json{{"level", "error"},
                                                          {"msg", "will not do it"},
                                                          {"hint", "Do this first."},
                                                          {"code", "refused"},
                                                          {"exit_code", 6}}));
}

TEST(TextReporter, PutsResultsOnStandardOutputAndErrorsOnTheOther) {
    testing::Screen screen;
    TextReporter reporter(screen.terminal(), {.least = Level::fatal});
    reporter.result("a table", {});
    reporter.error(RefusedError("will not do it", "Do this first."));
    EXPECT_EQ(screen.results.str(), "a table\n");
    EXPECT_EQ(screen.messages.str(), "error: will not do it\nhint: Do this first.\n");
}

TEST(TextReporter, LetsNoTextOfAnErrorOrPlanSteerTheTerminal) {
    testing::Screen screen;
    TextReporter reporter(screen.terminal(), {});
    reporter.error(Error(ExitCode::refused, "key \033[2J is\nno record", "Look at \033c."));
    EXPECT_EQ(screen.messages.str(), "error: key ?[2J is\nno record\nhint: Look at ?c.\n");
    auto plan = sample_plan();
    plan.notes = {"key \033[2J"};
    EXPECT_THAT(plan_text(plan, false, 80), AllOf(HasSubstr("key ?[2J"), Not(HasSubstr("\033"))));
}

TEST(TextReporter, WritesPlainProgressEveryFiveSeconds) {
    testing::Screen screen;
    TextReporter reporter(screen.terminal(false), {});
    for (int second = 0; second <= 11; ++second) {
        screen.time = std::chrono::steady_clock::time_point{} + std::chrono::seconds(second);
        reporter.progress({"copy", 1, 2, "users", second * 100, 2000});
    }
    EXPECT_EQ(screen.messages.str(),
              "INFO\t[1/2] copy  25%  500/2,000 users  100/s  15 s left\n"
              "INFO\t[1/2] copy  50%  1,000/2,000 users  100/s  10 s left\n");
}

TEST(TextReporter, RedrawsOneLineOnATerminalAndClearsItBeforeOthers) {
    testing::Screen screen;
    TextReporter reporter(screen.terminal(true), {});
    reporter.progress({"copy", 1, 2, "users", 0, 10});
    screen.time += 50ms;
    reporter.progress({"copy", 1, 2, "users", 1, 10});
    EXPECT_EQ(screen.messages.str(), "\r\033[K[1/2] copy  [--------------------]  0%  0/10 users");
    screen.messages.str("");
    screen.time += 950ms;
    reporter.progress({"copy", 1, 2, "users", 5, 10});
    EXPECT_EQ(screen.messages.str(),
              "\r\033[K[1/2] copy  [##########----------]  50%  5/10 users  5/s  1 s left");
    screen.messages.str("");
    reporter.log(Level::warn, "look");
    EXPECT_EQ(screen.messages.str(), "\r\033[KWARN\tlook\n");
}

TEST(TextReporter, CutsTheBarToTheTerminal) {
    testing::Screen screen;
    TextReporter reporter(screen.terminal(true, 20), {});
    reporter.progress({"a_step_with_a_long_name", 1, 1, "users", 1, 2});
    EXPECT_EQ(screen.messages.str(), "\r\033[K[1/1] a_step_wit...");
}

TEST(TextReporter, ClearsTheBarWhenTheRunEnds) {
    testing::Screen screen;
    { TextReporter(screen.terminal(true), {}).progress({"copy", 1, 1, "", 0, 0}); }
    EXPECT_TRUE(screen.messages.str().ends_with("\r\033[K"));
}

TEST(TextReporter, PutsARefreshedResultInThePlaceOfTheOneBefore) {
    testing::Screen screen;
    auto terminal = screen.terminal(true);
    terminal.screen = true;
    terminal.height = 4;
    TextReporter reporter(terminal, {});
    reporter.refresh("one\ntwo\n", {});
    EXPECT_EQ(screen.results.str(), "\033[H\033[2Jone\033[K\ntwo\033[K\n\033[J");
    screen.results.str("");
    reporter.refresh("1\n2\n3\n4\n5\n", {});
    EXPECT_EQ(screen.results.str(), "\033[H1\033[K\n2\033[K\n(3 more lines)\033[K\n\033[J");
}

TEST(TextReporter, PrintsARefreshedResultBelowTheOneBeforeOffATerminal) {
    testing::Screen screen;
    TextReporter reporter(screen.terminal(), {});
    reporter.refresh("one\n", {});
    reporter.refresh("two\n", {});
    EXPECT_EQ(screen.results.str(), "one\n\ntwo\n\n");
    EXPECT_FALSE(reporter.colours_results());
}

TEST(TextReporter, ColoursResultsOnlyWhereTheyGoToATerminalThatWantsIt) {
    testing::Screen screen;
    auto terminal = screen.terminal(true);
    LogStyle style;
    style.colour = true;
    EXPECT_FALSE(TextReporter(terminal, style).colours_results());  // standard output is a file
    terminal.screen = true;
    EXPECT_TRUE(TextReporter(terminal, style).colours_results());
    EXPECT_FALSE(TextReporter(terminal, {}).colours_results());
}

TEST(TextReporter, TellsStepsAsLogLinesOffATerminal) {
    testing::Screen screen;
    TextReporter reporter(screen.terminal(false), {});
    reporter.step_done(sample_step("index", "acme"), {{"users", 3}}, 1200ms);
    EXPECT_EQ(screen.messages.str(),
              "INFO\tStep "
              "done\t{\"counts\":{\"users\":3},\"step\":\"index\",\"tenant\":\"acme\",\"took\":\"1.2 s\"}\n");
}

TEST(TextReporter, NamesTheDatabaseOfAStepOfSeveral) {
    auto step = sample_step("index", "acme");
    step.database = "is-db";
    testing::Screen screen;
    TextReporter(screen.terminal(false), {}).step_done(step, {}, 1200ms);
    EXPECT_THAT(screen.messages.str(),
                HasSubstr("{\"database\":\"is-db\",\"step\":\"index\",\"tenant\":\"acme\""));
    TextReporter(screen.terminal(true), {}).step_done(step, {}, 1200ms);
    EXPECT_THAT(screen.messages.str(), HasSubstr("done  is-db acme: index (1.2 s)"));
    step.group.clear();
    TextReporter(screen.terminal(true), {}).step_done(step, {}, 1200ms);
    EXPECT_THAT(screen.messages.str(), HasSubstr("done  is-db: index (1.2 s)"));
    JsonReporter(screen.terminal(false), Level::info).step_done(step, {}, 1200ms);
    EXPECT_EQ(last_json(screen.messages)["database"], "is-db");
}

TEST(JsonReporter, WritesOneObjectPerEvent) {
    testing::Screen screen;
    JsonReporter reporter(screen.terminal(), Level::info);
    reporter.log(Level::debug, "unseen", {});
    EXPECT_THAT(screen.messages.str(), IsEmpty());
    reporter.log(Level::warn, "look", {{"a", 1}});
    EXPECT_EQ(
        last_json(screen.messages),
        (nlohmann::json{{"event", "log"}, {"level", "warn"}, {"message", "look"}, {"fields", {{"a", 1}}}}));
    reporter.plan(sample_plan(), false);
    EXPECT_EQ(last_json(screen.messages)["steps"][0]["touches"]["users"], 12);
    EXPECT_EQ(last_json(screen.messages)["event"], "plan");
    reporter.step_done(sample_step(), {{"users", 3}}, 1200ms);
    EXPECT_EQ(last_json(screen.messages)["milliseconds"], 1200);
    reporter.error(LockedError("held by another run", "Wait."));
    EXPECT_EQ(last_json(screen.messages), (nlohmann::json{{"event", "error"},
                                                          {"message", "held by another run"},
                                                          {"hint", "Wait."},
                                                          {"code", "locked"},
                                                          {"exit_code", 5}}));
    EXPECT_THAT(screen.results.str(), IsEmpty());
    reporter.result("for people", {{"outcome", "done"}});
    EXPECT_EQ(screen.results.str(), "{\"outcome\":\"done\"}\n");
}

TEST(JsonReporter, LimitsProgressToOnceASecond) {
    testing::Screen screen;
    JsonReporter reporter(screen.terminal(), Level::info);
    for (int tenth = 0; tenth <= 25; ++tenth) {
        screen.time = std::chrono::steady_clock::time_point{} + tenth * 100ms;
        reporter.progress({"copy", 1, 1, "users", tenth, 25});
    }
    EXPECT_EQ(util::split(util::trim(screen.messages.str()), '\n').size(), 3U);
    EXPECT_EQ(last_json(screen.messages)["done"], 20);
}

TEST(JsonReporter, MakesThePlanTheResultOfADryRun) {
    testing::Screen screen;
    JsonReporter reporter(screen.terminal(), Level::info);
    reporter.plan(sample_plan(), true);
    EXPECT_THAT(screen.messages.str(), IsEmpty());
    EXPECT_EQ(last_json(screen.results)["hash"], sample_plan().hash());
}

TEST(PlanText, TellsEverythingThatWillHappen) {
    auto plan = sample_plan();
    plan.steps.front().destroys = true;
    plan.refusals = {"2 users share an address"};
    EXPECT_EQ(
        plan_text(plan, false, 200),
        "Plan: migrate the Identity Server database\n"
        "   1. update_email_index: rebuild the unique index on e-mail addresses\n"
        "      not applied yet; touches 12 users; locks: table writes; destroys; undo: cannot be undone\n"
        "  Note: a note\n"
        "  Refused: 2 users share an address\n"
        "  To agree to: 12 users will be lost\n");
}

TEST(PlanText, SaysWhenNothingIsDue) {
    EXPECT_EQ(plan_text({.title = "migrate the database"}, false, 80),
              "Nothing to do: migrate the database\n");
}

TEST(PlanText, PutsTenantsTogetherWhoseStepsAreAlike) {
    Plan plan{.title = "migrate"};
    for (int tenant = 0; tenant < 1000; ++tenant) {
        plan.steps.push_back(sample_step("first", "t" + std::to_string(tenant)));
        plan.steps.push_back(sample_step("second", "t" + std::to_string(tenant)));
    }
    plan.steps.push_back(sample_step("second", "behind"));
    const auto text = plan_text(plan, false, 200);
    EXPECT_THAT(text, AllOf(HasSubstr("Each of 1000 tenants (t0, t1, t2, t3, t4 and 995 more):\n   1. first"),
                            HasSubstr("touches 12000 users"), HasSubstr("Tenant behind:\n   1. second"),
                            Not(HasSubstr("t999"))));
    EXPECT_EQ(plan_data(plan, false)["steps"].size(), 2001U);
}

TEST(PlanText, NamesTheDatabasesOfAPlanOverSeveral) {
    Plan plan{.title = "migrate"};
    for (const auto* tenant : {"acme", "beta"}) {
        plan.steps.push_back(sample_step("first", tenant));
        plan.steps.back().database = "is-db";
    }
    for (const auto* database : {"ns-db", "as-db"}) {
        plan.steps.push_back(sample_step("version"));
        plan.steps.back().database = database;
    }
    plan.steps.push_back(sample_step("version", "acme"));
    plan.steps.back().database = "as-db";
    EXPECT_THAT(plan_text(plan, false, 200),
                AllOf(HasSubstr("\n  is-db, each of 2 tenants (acme, beta):\n   1. first"),
                      HasSubstr("touches 24 users"), HasSubstr("\n  ns-db:\n   1. version"),
                      HasSubstr("\n  as-db, each of 2 tenants (the default one, acme):\n   1. version"),
                      Not(HasSubstr("Hash"))));
    const auto steps = plan_data(plan, false)["steps"];
    EXPECT_EQ(steps[1]["database"], "is-db");
    EXPECT_EQ(steps[1]["tenant"], "beta");
    EXPECT_FALSE(plan_data(sample_plan(), false)["steps"][0].contains("database"));
}

TEST(PlanText, ShowsAHashThatTheCommandTakesBack) {
    auto plan = sample_plan();
    plan.shows_hash = true;
    EXPECT_THAT(plan_text(plan, true, 200), HasSubstr("\n  Hash: " + plan.hash() + "\n"));
    EXPECT_THAT(plan_text({.title = "migrate", .shows_hash = true}, true, 200), Not(HasSubstr("Hash")));
}

TEST(Progress, WritesNumbersAndTimesForPeople) {
    EXPECT_EQ(with_thousands(0), "0");
    EXPECT_EQ(with_thousands(999), "999");
    EXPECT_EQ(with_thousands(1204331), "1,204,331");
    EXPECT_EQ(with_thousands(-123456), "-123,456");
    EXPECT_EQ(short_duration(400ms), "0.4 s");
    EXPECT_EQ(short_duration(12s), "12 s");
    EXPECT_EQ(short_duration(185s), "3 min 05 s");
    EXPECT_EQ(short_duration(2h + 3min), "2 h 03 min");
}

TEST(Progress, StartsAnewWithEveryStep) {
    ProgressMeter meter;
    const std::chrono::steady_clock::time_point start{};
    meter.update({"a", 1, 2, "users", 0, 100}, start);
    meter.update({"a", 1, 2, "users", 50, 100}, start + 1s);
    EXPECT_EQ(meter.remaining(), 1s);
    meter.update({"b", 2, 2, "users", 10, 100}, start + 2s);
    EXPECT_FALSE(meter.rate());
    meter.update({"b", 2, 2, "users", 20, 0}, start + 3s);
    EXPECT_EQ(meter.rate(), 10);
    EXPECT_FALSE(meter.share());
}

}  // namespace
}  // namespace tti::cli
