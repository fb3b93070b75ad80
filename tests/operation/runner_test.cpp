#include "operation/runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes.hpp"

namespace tti::operation::test {
namespace {

using testing::ElementsAre;

class RunnerTest : public testing::Test {
  protected:
    void add_step(const std::string& name, const std::string& group = "") {
        operation_.planned.steps.push_back(
            {.name = name, .group = group, .run = [](StepContext& context) { context.count("rows", 2); }});
    }
    void add_failing_step(const std::string& name, const std::string& group = "") {
        operation_.planned.steps.push_back(
            {.name = name, .group = group, .run = [](StepContext&) { throw RefusedError("no such luck"); }});
    }
    void run(RunOptions options = {}) {
        tti::operation::run(operation_, options, current_identity("is-db migrate"),
                            {lock_, journal_, reporter_, confirmer_, stop_});
    }

    Events events_;
    FakeOperation operation_;
    FakeLock lock_{events_};
    FakeJournal journal_{events_};
    FakeReporter reporter_{events_};
    FakeConfirmer confirmer_;
    FakeStop stop_;
};

TEST_F(RunnerTest, LocksPlansJournalsRunsAndReports) {
    add_step("one");
    add_step("two");
    run();
    EXPECT_THAT(events_, ElementsAre("lock", "plan", "journal begins", "done: one", "done: two",
                                     "journal: done", "result: text"));
    EXPECT_EQ(journal_.final_counts, (Amounts{{"rows", 4}}));
    EXPECT_EQ(reporter_.result_data["outcome"], "done");
    EXPECT_EQ(reporter_.result_data["counts"]["rows"], 4);
    EXPECT_EQ(reporter_.result_data["answer"], 42);
}

TEST_F(RunnerTest, ADryRunEndsAfterThePlanAndTakesNoLock) {
    add_failing_step("one");
    run({.dry_run = true});
    EXPECT_THAT(events_, ElementsAre("plan is the result"));
}

TEST_F(RunnerTest, NothingToDoIsSaidAndNotJournalled) {
    run();
    EXPECT_THAT(events_, ElementsAre("lock", "plan", "result: text"));
    EXPECT_EQ(reporter_.result_data["outcome"], "nothing to do");
}

TEST_F(RunnerTest, WhatWentWrongIsToldAlsoWhereTheJournalIsOutOfReach) {
    add_failing_step("one");
    journal_.out_of_reach = true;
    EXPECT_THROW(run(), RefusedError);
}

TEST_F(RunnerTest, ARefusedPlanIsShownAndNothingRuns) {
    add_step("one");
    operation_.planned.refusals = {"two users share an address"};
    operation_.planned.refusal_hint = "Mend them.";
    try {
        run({.yes = true});
        FAIL() << "was not refused";
    } catch (const RefusedError& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("two users share an address"));
        EXPECT_EQ(error.hint(), "Mend them.");
    }
    EXPECT_THAT(events_, ElementsAre("lock", "plan"));
}

TEST_F(RunnerTest, WithoutATerminalALossNeedsYes) {
    add_step("one");
    operation_.planned.confirmation = "3 users will be lost";
    EXPECT_THROW(run(), RefusedError);
    EXPECT_THAT(events_, ElementsAre("lock", "plan"));
    events_.clear();
    run({.yes = true});
    EXPECT_EQ(events_.back(), "result: text");
}

TEST_F(RunnerTest, AtATerminalALossIsAskedFor) {
    add_step("one");
    operation_.planned.confirmation = "3 users will be lost";
    confirmer_.terminal = true;
    EXPECT_THROW(run(), RefusedError);
    EXPECT_THAT(confirmer_.asked, testing::HasSubstr("3 users will be lost"));
    confirmer_.answer = true;
    run();
    EXPECT_EQ(events_.back(), "result: text");
}

TEST_F(RunnerTest, AFailedStepEndsTheRunAndIsJournalled) {
    add_step("one");
    add_failing_step("two");
    add_step("three");
    EXPECT_THROW(run(), RefusedError);
    EXPECT_THAT(events_, ElementsAre("lock", "plan", "journal begins", "done: one", "journal: failed"));
    EXPECT_EQ(journal_.final_error, "no such luck");
}

TEST_F(RunnerTest, AFailedTenantLeavesTheOthersToBeDone) {
    add_failing_step("one", "acme");
    add_step("two", "acme");
    add_step("one", "zeta");
    try {
        run();
        FAIL() << "did not fail";
    } catch (const PartlyFailedError& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("1 of 2 tenants failed: tenant acme: no such luck"));
    }
    EXPECT_THAT(events_,
                ElementsAre("lock", "plan", "journal begins", "done: one", "journal: partly failed"));
}

TEST_F(RunnerTest, TheLastTenantFailingIsPartlyFailedToo) {
    add_step("one", "acme");
    add_failing_step("one", "zeta");
    EXPECT_THROW(run(), PartlyFailedError);
    EXPECT_EQ(events_.back(), "journal: partly failed");
}

TEST_F(RunnerTest, AnEndIsHonouredBetweenSteps) {
    operation_.planned.steps.push_back({.name = "one", .run = [this](StepContext&) { stop_.now = true; }});
    add_step("two");
    EXPECT_THROW(run(), InterruptedError);
    EXPECT_THAT(events_, ElementsAre("lock", "plan", "journal begins", "done: one", "journal: interrupted"));
}

TEST_F(RunnerTest, AFailedVerificationIsAFailedRun) {
    add_step("one");
    operation_.verify_throws = true;
    EXPECT_THROW(run(), DueError);
    EXPECT_EQ(events_.back(), "journal: failed");
}

TEST_F(RunnerTest, ProgressWithinAStepCountsTowardsTheWhole) {
    operation_.planned.steps.push_back(
        {.name = "one", .run = [](StepContext& context) { context.progress("rows", 1, 2); }});
    add_step("two");
    operation_.planned.steps.back().run = [](StepContext& context) { context.progress("rows", 1, 2); };
    run();
    EXPECT_EQ(journal_.last_percent, 75);
}

TEST(PlanHash, DependsOnEverythingThatIsShown) {
    Plan plan{.title = "t", .steps = {{.name = "ab", .what = "c"}}};
    Plan shifted{.title = "t", .steps = {{.name = "a", .what = "bc"}}};
    EXPECT_EQ(plan.hash().size(), 64U);
    EXPECT_NE(plan.hash(), shifted.hash());
    shifted = plan;
    EXPECT_EQ(plan.hash(), shifted.hash());
    shifted.steps[0].touches = {{"rows", 1}};
    EXPECT_NE(plan.hash(), shifted.hash());
    shifted = plan;
    shifted.steps[0].database = "is-db";
    EXPECT_NE(plan.hash(), shifted.hash());
}

}  // namespace
}  // namespace tti::operation::test
