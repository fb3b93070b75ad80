#pragma once

#include <chrono>

#include "util/stop.hpp"

namespace tti::util {

// Sleeps; throws InterruptedError as soon as an end is asked for.
void wait(std::chrono::nanoseconds time, Stop& stop);

}  // namespace tti::util
