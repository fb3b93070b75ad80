#include "util/deadline_stop.hpp"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace tti::util {
namespace {

void watch(int set, int descriptor) {
    epoll_event event{};
    event.events = EPOLLIN;
    if (descriptor >= 0) {
        epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event);
    }
}

}  // namespace

DeadlineStop::DeadlineStop(Stop& parent, std::chrono::milliseconds limit)
    : parent_(parent),
      timer_(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)),
      either_(epoll_create1(EPOLL_CLOEXEC)) {
    watch(either_, timer_);
    watch(either_, parent.descriptor());
    restart(limit);
}

DeadlineStop::~DeadlineStop() {
    close(either_);
    close(timer_);
}

// NOLINTNEXTLINE(readability-make-member-function-const): it changes when the time is over.
void DeadlineStop::restart(std::chrono::milliseconds limit) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(limit);
    itimerspec until{};
    until.it_value.tv_sec = seconds.count();
    until.it_value.tv_nsec = std::chrono::nanoseconds(limit - seconds).count();
    // Nothing would switch the timer off, and less than nothing is refused; both mean now.
    if (limit <= std::chrono::milliseconds(0)) until.it_value = {.tv_sec = 0, .tv_nsec = 1};
    timerfd_settime(timer_, 0, &until, nullptr);
}

bool DeadlineStop::requested() {
    return parent_.requested() || is_over();
}

bool DeadlineStop::is_over() const {
    pollfd timer{timer_, POLLIN, 0};
    return poll(&timer, 1, 0) == 1;
}

}  // namespace tti::util
