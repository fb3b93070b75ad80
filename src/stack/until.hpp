#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "settings/values.hpp"
#include "util/expected.hpp"

namespace tti::stack {

// The end of a maintenance window: "04:00" or "04:00:30" is the next time after `now` that the local clock
// shows it, anything else is a full time (RFC 3339), which must be after `now`.
Expected<std::chrono::system_clock::time_point> parse_until(std::string_view text,
                                                            std::chrono::system_clock::time_point now);

// "04:00 +0100", as the local clock shows it; with the date where that is not today's.
std::string format_until(std::chrono::system_clock::time_point until,
                         std::chrono::system_clock::time_point now);

// What the option "until" says. Throws UsageError.
std::optional<std::chrono::system_clock::time_point> given_until(const settings::Values& values);

}  // namespace tti::stack
