#include "timeseries/schedule.hpp"

#include <gmock/gmock.h>

namespace tti::timeseries {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Time day(int number) {
    return Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)) + std::chrono::days(number);
}

TEST(RangeFor, BeginsAtAMultipleOfItsLength) {
    EXPECT_EQ(range_for(day(3) + 13h, 12h, {}), (Range{day(3) + 12h, day(4)}));
    EXPECT_EQ(range_for(day(3), 24h, {}), (Range{day(3), day(4)}));
}

TEST(RangeFor, WorksBeforeTheEpoch) {
    const Time before(-1us);
    EXPECT_EQ(range_for(before, 24h, {}), (Range{Time(-24h), Time(0us)}));
}

TEST(RangeFor, IsCutWhereOthersAre) {
    const std::vector<Range> existing{{day(0), day(2) + 6h}, {day(2) + 18h, day(5)}};
    EXPECT_EQ(range_for(day(2) + 7h, 24h, existing), (Range{day(2) + 6h, day(2) + 18h}));
}

// Spring and autumn in Europe: a day is always 24 hours here.
TEST(RangeFor, DoesNotKnowClockChanges) {
    const Time spring = Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 29)) + 1h;
    EXPECT_EQ(range_for(spring, 12h, {}), (Range{spring - 1h, spring + 11h}));
}

TEST(MissingRanges, FillGapsOnly) {
    const std::vector<Range> existing{{day(1), day(2)}, {day(3), day(4)}};
    EXPECT_THAT(missing_ranges(day(0) + 1h, day(4), 24h, existing, 100),
                ElementsAre(Range{day(0), day(1)}, Range{day(2), day(3)}, Range{day(4), day(5)}));
    EXPECT_THAT(missing_ranges(day(1), day(1) + 23h, 24h, existing, 100), IsEmpty());
}

TEST(MissingRanges, ANewLengthBeginsWhereTheOldOnesEnd) {
    const std::vector<Range> week{{day(0), day(7) + 5h}};
    const auto missing = missing_ranges(day(0), day(8), 12h, week, 100);
    EXPECT_EQ(missing.front(), (Range{day(7) + 5h, day(7) + 12h}));
    EXPECT_EQ(missing.back(), (Range{day(8), day(8) + 12h}));
}

TEST(MissingRanges, AreNoMoreThanAsked) {
    EXPECT_EQ(missing_ranges(day(0), day(100), 1h, {}, 7).size(), 7U);
}

TEST(IsExpired, WhenTheYoungestRowIs) {
    const Range range{day(0), day(1)};
    EXPECT_FALSE(is_expired(range, day(32) - 1us, std::chrono::days(31)));
    EXPECT_TRUE(is_expired(range, day(32), std::chrono::days(31)));
}

TEST(MadeAhead, IsAWeekAtLeast) {
    EXPECT_EQ(made_ahead(12h), std::chrono::days(7));
    EXPECT_EQ(made_ahead(168h), std::chrono::days(14));
}

TEST(Format, OfTimes) {
    EXPECT_EQ(format(day(0) + 9h + 14min + 27s), "2026-03-01T09:14:27Z");
    EXPECT_EQ(format(day(0) + 27s + 503114us), "2026-03-01T00:00:27.503114Z");
    EXPECT_EQ(format(Time(-1us)), "1969-12-31T23:59:59.999999Z");
}

TEST(Format, OfSpans) {
    EXPECT_EQ(format(Span(12h)), "12h");
    EXPECT_EQ(format(Span(168h)), "7d");
    EXPECT_EQ(format(Span(90min)), "90m");
    EXPECT_EQ(format(Span::zero()), "0us");
}

}  // namespace
}  // namespace tti::timeseries
