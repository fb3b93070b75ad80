#include "doctor/clock.hpp"

#include <fmt/format.h>

namespace tti::doctor {
namespace {

using std::chrono::microseconds;

// Servers of the stack stamp messages themselves; below this nothing of it is seen.
constexpr microseconds tolerated = std::chrono::seconds(1);
// Beyond this, codes and tokens with a life of minutes are affected.
constexpr microseconds grave = std::chrono::minutes(1);
constexpr int tries = 5;

WallTime now() {
    return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now());
}

double seconds(microseconds span) {
    return std::chrono::duration<double>(span).count();
}

}  // namespace

ClockOffset clock_offset(WallTime before, WallTime server, WallTime after) {
    const auto half = (after - before) / 2;
    return {server - (before + half), half};
}

ClockOffset measure_clock(const std::function<WallTime()>& ask) {
    std::optional<ClockOffset> best;
    for (int number = 0; number < tries; ++number) {
        const auto before = now();
        const auto server = ask();
        const auto offset = clock_offset(before, server, now());
        if (!best || offset.error_bar < best->error_bar) best = offset;
    }
    return *best;
}

Findings judge_clock(const ClockOffset& offset, std::string_view server) {
    const auto certain = microseconds(std::abs(offset.ahead.count())) - offset.error_bar;
    if (certain <= tolerated) return {};
    return {{certain > grave ? Severity::error : Severity::warning,
             fmt::format("The clocks of this machine and of {} differ.", server),
             fmt::format("that of {} is {:.1f} s {}, give or take {:.3f} s of the round trip", server,
                         std::abs(seconds(offset.ahead)), offset.ahead.count() > 0 ? "ahead" : "behind",
                         seconds(offset.error_bar)),
             setting("Let the machines of the stack and of its databases take their time from the same NTP "
                     "servers.")}};
}

}  // namespace tti::doctor
