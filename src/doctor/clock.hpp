#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "doctor/finding.hpp"

namespace tti::doctor {

using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

// How far a server's clock is ahead of this machine's; the truth is at most `error_bar` away.
struct ClockOffset {
    std::chrono::microseconds ahead{0};
    std::chrono::microseconds error_bar{0};  // half a round trip
};

// From the server's answer and this machine's time before the question and after the answer.
ClockOffset clock_offset(WallTime before, WallTime server, WallTime after);
// Asks a few times and keeps the answer of the shortest round trip.
ClockOffset measure_clock(const std::function<WallTime()>& ask);
// A finding where the clocks differ by more than a second, whatever the round trip hides.
Findings judge_clock(const ClockOffset& offset, std::string_view server);

}  // namespace tti::doctor
