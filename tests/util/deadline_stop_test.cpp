#include "util/deadline_stop.hpp"

#include <array>

#include <gtest/gtest.h>
#include <poll.h>

#include "support/trigger_stop.hpp"

namespace tti::util {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

bool readable(const Stop& stop, int wait) {
    pollfd watched{stop.descriptor(), POLLIN, 0};
    return poll(&watched, 1, wait) == 1;
}

TEST(DeadlineStops, AskForAnEndWhenTheTimeIsOver) {
    NeverStop never;
    DeadlineStop stop(never, milliseconds(1));
    EXPECT_TRUE(readable(stop, 10'000));
    EXPECT_TRUE(stop.requested());
    EXPECT_TRUE(stop.is_over());
}

TEST(DeadlineStops, WithoutAnyTimeAreOverAtOnce) {
    NeverStop never;
    for (const auto limit : {milliseconds(0), milliseconds(-1500)}) {
        DeadlineStop stop(never, limit);
        EXPECT_TRUE(readable(stop, 10'000));
        EXPECT_TRUE(stop.is_over());
    }
}

TEST(DeadlineStops, AreAskedByTheOtherStopAndSayThatTheirTimeIsNotOver) {
    test::TriggerStop parent;
    DeadlineStop stop(parent, hours(1));
    EXPECT_FALSE(readable(stop, 0));
    EXPECT_FALSE(stop.requested());
    parent.ask();
    EXPECT_TRUE(readable(stop, 10'000));
    EXPECT_TRUE(stop.requested());
    EXPECT_FALSE(stop.is_over());
}

TEST(DeadlineStops, BeginAnew) {
    NeverStop never;
    DeadlineStop stop(never, milliseconds(1));
    EXPECT_TRUE(readable(stop, 10'000));
    stop.restart(hours(1));
    EXPECT_FALSE(stop.requested());
}

}  // namespace
}  // namespace tti::util
