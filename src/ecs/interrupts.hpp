#pragma once

#include "util/stop.hpp"

namespace tti::ecs {

// Requests to end, one after the other: after the first one the person is asked what was meant, and the watch
// of a task goes on. `stop` is the run's, which must not be asked itself meanwhile: it would not forget.
class Interrupts final : public util::Stop {
  public:
    explicit Interrupts(util::Stop& stop);
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;
    ~Interrupts() override;

    bool requested() override;
    [[nodiscard]] int descriptor() const override;

    // Forgets the request, so that the next signal is another one. A stop that is no signal asks only once.
    void take();

  private:
    [[nodiscard]] static bool is_readable(int descriptor);

    util::Stop& stop_;
    int signals_;
    bool only_signals_ = false;
};

}  // namespace tti::ecs
