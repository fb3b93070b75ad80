#pragma once

#include <chrono>
#include <optional>

#include "util/stop.hpp"

namespace tti::util {

// Asks for an end a while after another Stop did: for what has to be written once work was stopped (a
// journal, a release), which must not wait for ever for a server that says no more.
class LateStop final : public Stop {
  public:
    using Clock = std::chrono::steady_clock;

    explicit LateStop(Stop& stop, Clock::duration delay = std::chrono::seconds(10))
        : stop_(stop), delay_(delay) {}

    bool requested() override {
        if (!asked_ && stop_.requested()) asked_ = Clock::now();
        return asked_ && Clock::now() - *asked_ >= delay_;
    }
    // None: a wait has to ask once in a while.
    [[nodiscard]] int descriptor() const override { return -1; }

  private:
    Stop& stop_;
    Clock::duration delay_;
    std::optional<Clock::time_point> asked_;
};

}  // namespace tti::util
