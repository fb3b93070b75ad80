#include "doctor/clock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tti::doctor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(ClockOffset, IsTakenFromTheMiddleOfTheRoundTrip) {
    const WallTime before(1000s);
    const auto offset = clock_offset(before, before + 7s, before + 4s);
    EXPECT_EQ(offset.ahead, 5s);
    EXPECT_EQ(offset.error_bar, 2s);
    EXPECT_EQ(clock_offset(before, before - 3s, before).ahead, -3s);
}

TEST(MeasureClock, KeepsTheAnswerOfTheShortestRoundTrip) {
    int asked = 0;
    const auto offset = measure_clock([&asked] {
        ++asked;
        return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()) + 1h;
    });
    EXPECT_GT(asked, 1);
    EXPECT_GT(offset.ahead, 59min);
    EXPECT_LT(offset.ahead, 61min);
}

TEST(JudgeClock, TellsOnlyWhatTheRoundTripCannotHide) {
    EXPECT_THAT(judge_clock({1s, 0s}, "Redis"), IsEmpty());
    EXPECT_THAT(judge_clock({3s, 2s}, "Redis"), IsEmpty());
    const auto found = judge_clock({-3s, 1s}, "Redis");
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_EQ(found[0].severity, Severity::warning);
    EXPECT_THAT(found[0].evidence, HasSubstr("3.0 s behind, give or take 1.000 s"));
    EXPECT_EQ(judge_clock({62s, 0s}, "Redis").at(0).severity, Severity::error);
}

}  // namespace
}  // namespace tti::doctor
