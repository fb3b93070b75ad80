#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "settings/option.hpp"
#include "settings/values.hpp"

namespace tti::stack {

// --timeout: how long each database has for its answers.
settings::Option timeout_option();
// Throws UsageError where it is not above zero.
std::chrono::milliseconds timeout(const settings::Values& values);

// What naming all databases, and asking them, needs.
std::vector<std::string> all_settings();

}  // namespace tti::stack
