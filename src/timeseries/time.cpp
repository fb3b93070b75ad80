#include "timeseries/time.hpp"

#include <array>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace tti::timeseries {

std::string format(Time time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const auto fraction = (time - seconds).count();
    const auto broken_down = fmt::gmtime(std::chrono::system_clock::to_time_t(seconds));
    if (fraction == 0) return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", broken_down);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z", broken_down, fraction);
}

std::string format(Span span) {
    struct Unit {
        Span length;
        std::string_view name;
    };
    using namespace std::chrono_literals;
    constexpr std::array<Unit, 5> units{{{24h, "d"}, {1h, "h"}, {1min, "m"}, {1s, "s"}, {1ms, "ms"}}};
    // Half days and such are told in hours.
    for (const auto& unit : units) {
        if (span.count() != 0 && span % unit.length == 0us)
            return fmt::format("{}{}", span / unit.length, unit.name);
    }
    return fmt::format("{}us", span.count());
}

std::string interval_text(Span span) {
    return fmt::format("{} microseconds", span.count());
}

}  // namespace tti::timeseries
