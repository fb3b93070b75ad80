#include "ecs/schedule.hpp"

#include <gtest/gtest.h>

namespace tti::ecs {
namespace {

// How often something is asked in `time`, if each question is answered at once.
template <typename Pause>
int questions_in(std::chrono::milliseconds time, const Pause& pause) {
    int count = 0;
    for (std::chrono::milliseconds at{0}; at < time; at += pause(at)) ++count;
    return count;
}

// An account may describe tasks 20 times a second, with others' tools.
TEST(Schedule, AsksSeldomEnoughThatManyCanWatch) {
    for (const auto* status : {"PROVISIONING", "PENDING", "RUNNING"}) {
        const auto pause = [status](auto at) { return pause_before_status(status, at); };
        EXPECT_LE(questions_in(1min, pause), 30) << status;
        EXPECT_LE(questions_in(1h, pause), 700) << status;
        EXPECT_LE(pause(0s), 1s) << "a short command is seen to end at once";
    }
    EXPECT_LE(questions_in(1h, pause_before_log), 800);
    EXPECT_LE(pause_before_log(0s), 1s);
}

TEST(Schedule, WaitsLongerTheLongerTroubleLasts) {
    auto before = 0ms;
    for (int failures = 1; failures < 100; ++failures) {
        EXPECT_GE(pause_after_trouble(failures), before);
        before = pause_after_trouble(failures);
    }
    EXPECT_EQ(pause_after_trouble(1), 2s);
    EXPECT_EQ(before, 30s);
}

TEST(Schedule, WaitsForTheLastLineAMinuteAtMost) {
    EXPECT_TRUE(may_be_longer({.last_line_due = true, .since_end = 59s, .quiet = 59s}));
    EXPECT_FALSE(may_be_longer({.last_line_due = true, .since_end = 60s, .quiet = 0s}));
    EXPECT_TRUE(may_be_longer({.since_end = 14s, .quiet = 14s}));
    EXPECT_FALSE(may_be_longer({.since_end = 20s, .quiet = 15s}));
    EXPECT_FALSE(may_be_longer({.since_end = 61s, .quiet = 1s}));
}

}  // namespace
}  // namespace tti::ecs
