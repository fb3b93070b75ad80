#include "ecs/interrupts.hpp"

#include <csignal>

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include "support/trigger_stop.hpp"

namespace tti::ecs {
namespace {

bool is_readable(int descriptor) {
    pollfd waiting{descriptor, POLLIN, 0};
    return poll(&waiting, 1, 0) == 1;
}

TEST(Interrupts, MeetEverySignalAnew) {
    util::SignalStop signals;
    Interrupts interrupts(signals);
    EXPECT_FALSE(interrupts.requested());
    kill(getpid(), SIGINT);
    EXPECT_TRUE(interrupts.requested());
    EXPECT_TRUE(is_readable(interrupts.descriptor()));
    interrupts.take();
    EXPECT_FALSE(interrupts.requested());
    EXPECT_FALSE(is_readable(interrupts.descriptor()));
    kill(getpid(), SIGTERM);
    EXPECT_TRUE(interrupts.requested());
    interrupts.take();
    // So that the person can be asked: the run's own stop has not seen any of them.
    EXPECT_FALSE(signals.requested());
}

TEST(Interrupts, MeetASignalAfterAStopThatIsNone) {
    util::SignalStop signals;
    test::TriggerStop trigger;
    Interrupts interrupts(trigger);
    trigger.ask();
    EXPECT_TRUE(interrupts.requested());
    interrupts.take();
    EXPECT_FALSE(interrupts.requested());
    kill(getpid(), SIGINT);
    EXPECT_TRUE(interrupts.requested());
    interrupts.take();
}

}  // namespace
}  // namespace tti::ecs
