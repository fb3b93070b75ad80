#include "util/late_stop.hpp"

#include <gtest/gtest.h>

#include "support/trigger_stop.hpp"

namespace tti::util {
namespace {

TEST(LateStop, AsksOnlyAfterTheOther) {
    test::TriggerStop other;
    LateStop at_once(other, std::chrono::seconds(0));
    EXPECT_FALSE(at_once.requested());
    other.ask();
    EXPECT_TRUE(at_once.requested());
}

TEST(LateStop, LeavesTime) {
    test::TriggerStop other;
    other.ask();
    LateStop late(other, std::chrono::milliseconds(50));
    EXPECT_FALSE(late.requested());
    const auto began = LateStop::Clock::now();
    while (!late.requested()) {
    }
    EXPECT_GE(LateStop::Clock::now() - began, std::chrono::milliseconds(40));
}

}  // namespace
}  // namespace tti::util
