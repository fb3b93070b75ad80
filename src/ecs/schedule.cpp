#include "ecs/schedule.hpp"

#include <algorithm>

namespace tti::ecs {

std::chrono::milliseconds pause_before_status(const std::string& status,
                                              std::chrono::milliseconds for_so_long) {
    if (status == "RUNNING") {
        if (for_so_long < 10s) return 1s;
        return for_so_long < 5min ? 3s : 10s;
    }
    // A task needs some twenty seconds to begin, and an image that is far away minutes.
    if (for_so_long < 5s) return 1s;
    return for_so_long < 1min ? 3s : 6s;
}

std::chrono::milliseconds pause_before_log(std::chrono::milliseconds quiet) {
    if (quiet < 10s) return 1s;
    return quiet < 1min ? 2s : 5s;
}

std::chrono::milliseconds pause_after_trouble(int failures) {
    constexpr int most_doublings = 4;
    return std::min<std::chrono::milliseconds>(2s * (1 << std::clamp(failures - 1, 0, most_doublings)), 30s);
}

bool may_be_longer(const Tail& tail) {
    if (tail.last_line_due) return tail.since_end < 1min;
    return tail.quiet < 15s && tail.since_end < 1min;
}

}  // namespace tti::ecs
