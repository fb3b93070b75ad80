#include "stack/until.hpp"

#include <cstdlib>
#include <ctime>

#include <gmock/gmock.h>

#include "settings/value.hpp"

namespace tti::stack {
namespace {

using std::chrono::system_clock;

system_clock::time_point time(const char* text) {
    return settings::parse_time(text).value();
}

std::string until(const char* text, const char* now) {
    const auto parsed = parse_until(text, time(now));
    return parsed ? settings::format_time(std::chrono::time_point_cast<std::chrono::microseconds>(*parsed))
                  : parsed.error();
}

class Until : public ::testing::Test {
  protected:
    Until() { in("UTC"); }
    ~Until() override { in("UTC"); }
    static void in(const char* zone) {
        setenv("TZ", zone, 1);
        tzset();
    }
};

TEST_F(Until, IsTheNextTimeThatTheClockShowsIt) {
    EXPECT_EQ(until("04:00", "2026-11-30T01:30:00Z"), "2026-11-30T04:00:00Z");
    EXPECT_EQ(until("04:00", "2026-11-30T04:00:00Z"), "2026-12-01T04:00:00Z");
    EXPECT_EQ(until("04:00", "2026-12-31T22:00:00Z"), "2027-01-01T04:00:00Z");
    EXPECT_EQ(until("04:00:30", "2026-11-30T04:00:00Z"), "2026-11-30T04:00:30Z");
    EXPECT_EQ(until("00:00", "2026-11-30T23:59:59Z"), "2026-12-01T00:00:00Z");
}

TEST_F(Until, IsOfTheLocalClock) {
    in("Europe/Zurich");
    EXPECT_EQ(until("04:00", "2026-11-30T01:30:00Z"), "2026-11-30T03:00:00Z");
    EXPECT_EQ(until("04:00", "2026-07-30T01:30:00Z"), "2026-07-30T02:00:00Z");
    // In the night in which clocks go back, 04:00 comes an hour later than a day before.
    EXPECT_EQ(until("04:00", "2026-10-24T22:00:00Z"), "2026-10-25T03:00:00Z");
    EXPECT_EQ(format_until(time("2026-11-30T03:00:00Z"), time("2026-11-30T01:30:00Z")), "04:00:00 +0100");
    EXPECT_EQ(format_until(time("2026-12-01T03:00:00Z"), time("2026-11-30T01:30:00Z")),
              "2026-12-01 04:00:00 +0100");
}

TEST_F(Until, MayBeAFullTimeThatIsToCome) {
    EXPECT_EQ(until("2026-12-24T04:00:00+01:00", "2026-11-30T00:00:00Z"), "2026-12-24T03:00:00Z");
    EXPECT_EQ(until("2026-11-29T04:00:00Z", "2026-11-30T00:00:00Z"), "that time is over");
    EXPECT_EQ(until("3026-11-29T04:00:00Z", "2026-11-30T00:00:00Z"), "that time is too far away");
    EXPECT_EQ(until("0026-11-29T04:00:00Z", "2026-11-30T00:00:00Z"), "that time is over");
}

TEST_F(Until, IsNothingElse) {
    for (const auto* text : {"", "4", "4:00", "04:60", "24:00", "04.00", "04:00Z", "0400", "04:00:61",
                             "tomorrow", "2026-11-30", "-4:00", "04: 0"})
        EXPECT_THAT(until(text, "2026-11-30T00:00:00Z"), ::testing::StartsWith("accepted: ")) << text;
}

}  // namespace
}  // namespace tti::stack
