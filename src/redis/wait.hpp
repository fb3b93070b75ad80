#pragma once

#include <chrono>

#include "util/stop.hpp"

namespace tti::redis {

// Sleeps; throws InterruptedError as soon as an end is asked for.
void wait(std::chrono::nanoseconds time, util::Stop& stop);

}  // namespace tti::redis
