#include <thread>

#include <gtest/gtest.h>

#include "redis/pace.hpp"
#include "support/redis_server.hpp"
#include "support/trigger_stop.hpp"

namespace tti::redis {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

class PaceTest : public testing::Test {
  protected:
    // How long batches of `size` take that do nothing.
    Clock::duration time_of(Pace& pace, int batches, std::size_t size) {
        const auto began = Clock::now();
        for (int i = 0; i < batches; ++i) {
            pace.spent(size);
        }
        return Clock::now() - began;
    }
    test::RedisServer server_;
    test::TriggerStop stop_;
    Connection connection_{server_.target(), {.context = "test"}, stop_};
};

TEST_F(PaceTest, WithoutLimitsNothingWaits) {
    Pace pace(connection_, {});
    EXPECT_EQ(pace.batch(512), 512);
    EXPECT_EQ(pace.batch(0), 1);
    EXPECT_LT(time_of(pace, 100000, 512), milliseconds(5000));
}

TEST_F(PaceTest, KeepsTheRate) {
    Pace pace(connection_, {.rate = 1000});
    const auto time = time_of(pace, 10, 50);
    EXPECT_GE(time, milliseconds(490));
    EXPECT_LT(time, milliseconds(5000));
}

TEST_F(PaceTest, BatchesAreSmallWhereTheRateIsLow) {
    EXPECT_EQ(Pace(connection_, {.rate = 100}).batch(512), 25);
    EXPECT_EQ(Pace(connection_, {.rate = 0.5}).batch(512), 1);
    EXPECT_EQ(Pace(connection_, {.rate = 1e6}).batch(512), 512);
}

TEST_F(PaceTest, APauseIsNotMadeUpFor) {
    Pace pace(connection_, {.rate = 1000});
    pace.spent(1);
    std::this_thread::sleep_for(milliseconds(300));
    pace.spent(1);
    EXPECT_GE(time_of(pace, 2, 100), milliseconds(190));
}

TEST_F(PaceTest, SlowsDownWhileTheServerIsSlow) {
    const auto time_with = [this](std::chrono::nanoseconds max_latency) {
        Pace pace(connection_, {.max_latency = max_latency});
        const auto began = Clock::now();
        for (int i = 0; i < 20; ++i) {
            std::this_thread::sleep_for(milliseconds(20));  // the work
            pace.spent(1);
        }
        return Clock::now() - began;
    };
    const auto free = time_with(std::chrono::seconds(1));
    // No round trip is as short as this.
    const auto slowed = time_with(std::chrono::nanoseconds(1));
    EXPECT_GT(slowed, free * 2);
}

// What the caller sent ahead takes its time, which is not the server being slow.
TEST_F(PaceTest, WhatIsUnderWayIsNoLatency) {
    Pace pace(connection_, {.max_latency = milliseconds(100)});
    std::this_thread::sleep_for(milliseconds(400));
    Commands waits;
    waits.add("BLPOP", "nothing", "0.5");
    const auto sent = connection_.send(std::move(waits));
    EXPECT_LT(time_of(pace, 5, 1), milliseconds(1500));
}

TEST_F(PaceTest, AWaitEndsWhenAnEndIsAskedFor) {
    Pace pace(connection_, {.rate = 1});
    const std::jthread asking([this] {
        std::this_thread::sleep_for(milliseconds(100));
        stop_.ask();
    });
    const auto began = Clock::now();
    EXPECT_THROW(pace.spent(60), InterruptedError);
    EXPECT_LT(Clock::now() - began, std::chrono::seconds(10));
}

}  // namespace
}  // namespace tti::redis
