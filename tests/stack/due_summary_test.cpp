#include "stack/due_summary.hpp"

#include <gmock/gmock.h>

namespace tti::stack {
namespace {

using operation::Lock;
using ::testing::ElementsAre;

TEST(DueSummary, PutsStepsOfManyTenantsTogether) {
    operation::Plan plan;
    for (const auto* tenant : {"default", "acme", "beta"}) {
        plan.steps.push_back({.name = "index",
                              .what = "rebuild the index",
                              .why = "not applied yet",
                              .touches = {{"users", 2}},
                              .lock = Lock::table,
                              .undo = "is-db migrate --rollback",
                              .group = tenant});
        plan.steps.push_back({.name = "rows",
                              .why = "not applied yet",
                              .lock = Lock::rows,
                              .destroys = true,
                              .group = tenant});
    }
    const auto due = summary(plan);
    EXPECT_EQ(due.steps, 6);
    EXPECT_EQ(due.tenants, 3);
    EXPECT_THAT(due.names, ElementsAre("index", "rows"));
    EXPECT_THAT(due.whys, ElementsAre("not applied yet"));
    EXPECT_EQ(describe(due.touches), "6 users");
    EXPECT_EQ(due.lock, Lock::table);
    EXPECT_TRUE(due.destroys);
    EXPECT_THAT(due.undo, ElementsAre("is-db migrate --rollback"));
    EXPECT_EQ(undoable(due), "3 of 6 steps cannot be undone");
}

TEST(DueSummary, SaysWhetherAllOrNothingCanBeUndone) {
    operation::Plan plan;
    plan.steps.push_back({.name = "a"});
    EXPECT_EQ(undoable(summary(plan)), "cannot be undone");
    plan.steps.front().undo = "back";
    EXPECT_EQ(undoable(summary(plan)), "can be undone");
}

TEST(DueSummary, SaysOfEveryLockWhatTheStackNotices) {
    EXPECT_EQ(noticed(Lock::none), "the stack does not notice");
    EXPECT_NE(noticed(Lock::rows), noticed(Lock::writes));
    EXPECT_NE(noticed(Lock::writes), noticed(Lock::table));
}

}  // namespace
}  // namespace tti::stack
