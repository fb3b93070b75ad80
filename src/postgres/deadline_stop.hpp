#pragma once

#include <chrono>

#include "util/stop.hpp"

namespace tti::postgres {

// Asks for an end when another stop does, or when its time is over: for questions that may be left
// unanswered.
class DeadlineStop final : public util::Stop {
  public:
    DeadlineStop(util::Stop& parent, std::chrono::milliseconds limit);
    ~DeadlineStop() override;

    void restart(std::chrono::milliseconds limit);
    bool requested() override;
    [[nodiscard]] int descriptor() const override { return either_; }

  private:
    util::Stop& parent_;
    int timer_;
    int either_;  // an epoll descriptor over the timer and the parent's
};

}  // namespace tti::postgres
