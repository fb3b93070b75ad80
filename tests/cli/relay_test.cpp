#include <gmock/gmock.h>

#include "cli/json_reporter.hpp"
#include "cli/relay_reader.hpp"
#include "cli/relay_reporter.hpp"
#include "cli/text_reporter.hpp"
#include "sample.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

using operation::Level;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using namespace std::chrono_literals;

operation::Plan plan() {
    operation::Plan plan;
    plan.title = "migrate the Identity Server database";
    plan.steps.push_back({.name = "index",
                          .what = "rebuild the index on \"e-mail\" addresses",
                          .why = "not applied yet",
                          .touches = {{"users", 1204}, {"bytes", 40960}, {"accounts", 3}},
                          .lock = operation::Lock::table,
                          .destroys = true,
                          .undo = "migrate --rollback",
                          .group = "acme",
                          .database = "is-db"});
    plan.steps.push_back({.name = "empty"});
    plan.notes = {"a note"};
    plan.refusals = {"the database is newer"};
    plan.refusal_hint = "Use a newer build.";
    plan.confirmation = "3 users are lost";
    plan.shows_hash = true;
    return plan;
}

// All that a reporter can be told.
void tell_everything(operation::Reporter& reporter) {
    reporter.log(Level::warn, "caf\u00e9 \x1b \"quoted\"", {{"tenant", "acme"}, {"n", 3}});
    reporter.log(Level::info, "without fields");
    reporter.plan(plan(), false);
    reporter.plan(plan(), true);
    reporter.progress({.step = "index", .number = 1, .of = 2, .unit = "users", .done = 600, .total = 1204});
    reporter.step_done(plan().steps[0], {{"users", 1204}, {"accounts", 1}}, 12345ms);
    reporter.result("a table\n  of two lines\n", {{"rows", 2}});
    reporter.result("", {{"only", "data"}});
    reporter.error(Error(ExitCode::locked, "held by ada", "Wait for her."));
}

// The lines of a run that is told everything.
std::vector<std::string> relayed_lines() {
    testing::Screen screen;
    RelayStream stream(screen.messages);
    RelayReporter reporter(stream, Level::info, screen.terminal().now);
    tell_everything(reporter);
    stream.end(ExitCode::locked);
    EXPECT_THAT(screen.results.str(), IsEmpty());
    auto lines = util::split(screen.messages.str(), '\n');
    lines.pop_back();  // behind the last line break
    return lines;
}

template <typename Reporter, typename Style>
void expect_the_same_at_the_other_end(Style style) {
    testing::Screen here;
    Reporter local(here.terminal(), style);
    tell_everything(local);
    testing::Screen there;
    Reporter remote(there.terminal(), style);
    for (const auto& text : relayed_lines()) {
        const auto line = parse_relayed(text);
        ASSERT_TRUE(line) << text;
        EXPECT_TRUE(replay(*line, remote)) << text;
    }
    EXPECT_THAT(here.messages.str(), Not(IsEmpty()));
    EXPECT_EQ(there.messages.str(), here.messages.str());
    EXPECT_EQ(there.results.str(), here.results.str());
}

TEST(Relay, ShowsPeopleWhatTheRunWouldHaveShown) {
    expect_the_same_at_the_other_end<TextReporter>(LogStyle{});
}

TEST(Relay, ShowsProgramsWhatTheRunWouldHaveShown) {
    expect_the_same_at_the_other_end<JsonReporter>(Level::info);
}

TEST(Relay, NumbersItsLinesAndEndsWithTheExitCode) {
    const auto lines = relayed_lines();
    ASSERT_THAT(lines, SizeIs(10));
    for (std::size_t place = 0; place < lines.size(); ++place) {
        const auto line = parse_relayed(lines[place]);
        ASSERT_TRUE(line);
        EXPECT_EQ(line->number, place + 1);
        const bool last = place + 1 == lines.size();
        EXPECT_EQ(line->exit_code(), last ? std::optional(ExitCode::locked) : std::nullopt) << lines[place];
    }
}

TEST(Relay, LeavesOutWhatIsBelowTheLevelAndMostOfTheProgress) {
    testing::Screen screen;
    RelayStream stream(screen.messages);
    RelayReporter reporter(stream, Level::info, screen.terminal().now);
    reporter.log(Level::debug, "too much");
    for (int tenth = 0; tenth < 20; ++tenth) {
        reporter.progress({.step = "index", .number = 1, .of = 1, .unit = "users", .done = tenth});
        screen.time += 100ms;
    }
    EXPECT_THAT(screen.messages.str(), Not(HasSubstr("too much")));
    EXPECT_THAT(util::split(screen.messages.str(), '\n'), SizeIs(3));
}

TEST(Relay, IsNotTakenForOtherLines) {
    for (const auto* text :
         {"", "INFO\tmessage", "{}", R"({"event":"log"})", R"({"relay":1,"event":"log")",
          R"({"relay":-1,"event":"log"})", R"({"relay":"1","event":"log"})", R"({"relay":1})",
          R"({"relay":1,"event":3})", R"({"relay":1,"event":"end","exit_code":"0"})",
          R"({"relay":1,"event":"log"} x)"}) {
        EXPECT_FALSE(parse_relayed(text)) << text;
    }
}

// Of a newer build, or damaged.
TEST(Relay, SaysWhichLinesItCannotRead) {
    testing::Screen screen;
    JsonReporter reporter(screen.terminal(), Level::info);
    for (const auto* text : {R"({"relay":1,"event":"dance"})", R"({"relay":1,"event":"log","level":1})",
                             R"({"relay":1,"event":"result","text":3,"data":{}})",
                             R"({"relay":1,"event":"plan","title":"x","steps":[{}]})"}) {
        const auto line = parse_relayed(text);
        ASSERT_TRUE(line) << text;
        EXPECT_FALSE(replay(*line, reporter)) << text;
    }
    EXPECT_THAT(screen.messages.str(), IsEmpty());
}

}  // namespace
}  // namespace tti::cli
