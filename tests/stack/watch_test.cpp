#include "stack/watch.hpp"

#include <gtest/gtest.h>

#include "support/trigger_stop.hpp"
#include "util/error.hpp"

namespace tti::stack {
namespace {

constexpr std::chrono::nanoseconds at_once{1};

TEST(Watch, ShowsAgainAndEndsWithWhatItShowedLast) {
    test::TriggerStop stop;
    int shown = 0;
    const auto code = watch(
        [&] {
            if (++shown == 3) stop.ask();
            return shown < 3 ? ExitCode::due : ExitCode::done;
        },
        at_once, stop);
    EXPECT_EQ(shown, 3);
    EXPECT_EQ(code, ExitCode::done);
}

TEST(Watch, IsInterruptedWhereNothingWasShown) {
    test::TriggerStop stop;
    EXPECT_THROW(watch([]() -> ExitCode { throw InterruptedError("stopped"); }, at_once, stop),
                 InterruptedError);
}

TEST(Watch, LeavesOtherErrorsAlone) {
    util::NeverStop stop;
    EXPECT_THROW(watch([]() -> ExitCode { throw UsageError("wrong"); }, at_once, stop), UsageError);
}

}  // namespace
}  // namespace tti::stack
