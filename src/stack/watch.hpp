#pragma once

#include <chrono>
#include <functional>

#include "util/exit_code.hpp"
#include "util/stop.hpp"

namespace tti::stack {

// Calls `show` again and again, with `interval` between, until an end is asked for, which is how a watch
// ends: then it returns what `show` returned last. Throws InterruptedError where it never did.
ExitCode watch(const std::function<ExitCode()>& show, std::chrono::nanoseconds interval, util::Stop& stop);

}  // namespace tti::stack
