#include "util/wait.hpp"

#include <algorithm>

namespace tti::util {

void wait(std::chrono::nanoseconds time, Stop& stop) {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point end = Clock::now() + time;
    for (auto left = time; left > std::chrono::nanoseconds::zero(); left = end - Clock::now()) {
        throw_if_requested(stop);
        const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
        const timespec limit{seconds.count(), (left - seconds).count()};
        pollfd watched{stop.descriptor(), POLLIN, 0};
        ppoll(&watched, 1, &limit, nullptr);
    }
    throw_if_requested(stop);
}

void poll_until(std::span<pollfd> watched, std::optional<std::chrono::steady_clock::time_point> deadline) {
    int limit = -1;
    if (deadline) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(*deadline - std::chrono::steady_clock::now());
        limit = static_cast<int>(std::max(left, std::chrono::milliseconds(0)).count());
    }
    poll(watched.data(), watched.size(), limit);
}

}  // namespace tti::util
