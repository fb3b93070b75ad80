#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include "util/stop.hpp"

namespace tti::test {

// An end that a test asks for, from any thread.
class TriggerStop final : public util::Stop {
  public:
    TriggerStop() = default;
    TriggerStop(const TriggerStop&) = delete;
    TriggerStop& operator=(const TriggerStop&) = delete;
    ~TriggerStop() override { close(descriptor_); }

    void ask() const { eventfd_write(descriptor_, 1); }
    bool requested() override {
        eventfd_t count = 0;
        asked_ = asked_ || eventfd_read(descriptor_, &count) == 0;
        if (count > 0) {
            ask();  // so that the descriptor stays readable
        }
        return asked_;
    }
    [[nodiscard]] int descriptor() const override { return descriptor_; }

  private:
    int descriptor_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    bool asked_ = false;
};

}  // namespace tti::test
