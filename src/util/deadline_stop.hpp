#pragma once

#include <chrono>

#include "util/stop.hpp"

namespace tti::util {

// Asks for an end when another stop does, or when its time is over: for questions that may be left
// unanswered.
class DeadlineStop final : public Stop {
  public:
    DeadlineStop(Stop& parent, std::chrono::milliseconds limit);
    DeadlineStop(const DeadlineStop&) = delete;
    DeadlineStop& operator=(const DeadlineStop&) = delete;
    ~DeadlineStop() override;

    void restart(std::chrono::milliseconds limit);
    bool requested() override;
    // Whether its own time is over, whatever the other stop says.
    [[nodiscard]] bool is_over() const;
    [[nodiscard]] int descriptor() const override { return either_; }

  private:
    Stop& parent_;
    int timer_;
    int either_;  // an epoll descriptor over the timer and the parent's
};

}  // namespace tti::util
