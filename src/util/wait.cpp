#include "util/wait.hpp"

#include <algorithm>

#include <poll.h>

namespace tti::util {

void wait(std::chrono::nanoseconds time, Stop& stop) {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point end = Clock::now() + time;
    for (auto left = time; left > time.zero(); left = end - Clock::now()) {
        throw_if_requested(stop);
        const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
        const timespec limit{seconds.count(), (left - seconds).count()};
        pollfd watched{stop.descriptor(), POLLIN, 0};
        ppoll(&watched, 1, &limit, nullptr);
    }
    throw_if_requested(stop);
}

}  // namespace tti::util
