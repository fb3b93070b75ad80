#pragma once

#include <chrono>
#include <cstdint>

#include "redis/connection.hpp"

namespace tti::redis {

// Keeps bulk work from being noticed: at most `rate` items a second (0: no limit), and less while the
// server's own round trip (a PING between batches) is above `max_latency` (0: not measured).
class Pace {
  public:
    struct Limits {
        double rate = 0;
        std::chrono::nanoseconds max_latency{0};
    };
    Pace(Connection& connection, Limits limits);

    // How many of `wanted` items the next batch should have at most (1 or more): small where the rate is low,
    // so that it is kept within a second.
    [[nodiscard]] std::size_t batch(std::size_t wanted) const;
    // Tells that `items` were worked on; sleeps as long as the limits ask for. Ends early with
    // InterruptedError when the connection's stop is requested.
    void spent(std::size_t items);

  private:
    using Clock = std::chrono::steady_clock;
    void sleep(Clock::duration time);
    void measure();

    Connection& connection_;
    Limits limits_;
    Clock::time_point next_;
    Clock::time_point measured_;
    Clock::time_point began_;  // the batch under way
    double slowdown_ = 0;      // seconds of pause per second of work
};

}  // namespace tti::redis
