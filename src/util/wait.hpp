#pragma once

#include <chrono>
#include <optional>
#include <span>

#include <poll.h>

#include "util/stop.hpp"

namespace tti::util {

// Sleeps; throws InterruptedError as soon as an end is asked for.
void wait(std::chrono::nanoseconds time, Stop& stop);

// poll() with a deadline, or without one; a signal may end it earlier.
void poll_until(std::span<pollfd> watched, std::optional<std::chrono::steady_clock::time_point> deadline);

}  // namespace tti::util
