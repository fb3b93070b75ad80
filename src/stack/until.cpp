#include "stack/until.hpp"

#include <array>
#include <ctime>
#include <optional>

#include "settings/bad_value.hpp"

namespace tti::stack {
namespace {

using std::chrono::system_clock;

struct TimeOfDay {
    int hour = 0;
    int minute = 0;
    int second = 0;
};

std::optional<int> two_digits(std::string_view text, int most) {
    const auto digit = [](char character) { return character >= '0' && character <= '9'; };
    if (text.size() < 2 || !digit(text[0]) || !digit(text[1])) return std::nullopt;
    const int number = (text[0] - '0') * 10 + (text[1] - '0');
    return number <= most ? std::optional(number) : std::nullopt;
}

std::optional<TimeOfDay> parse_time_of_day(std::string_view text) {
    constexpr std::size_t minutes_only = 5;
    constexpr std::size_t with_seconds = 8;
    if (text.size() != minutes_only && text.size() != with_seconds) return std::nullopt;
    const auto hour = two_digits(text, 23);
    const auto minute = two_digits(text.substr(3), 59);
    const auto second = text.size() == with_seconds ? two_digits(text.substr(6), 59) : std::optional(0);
    const bool colons = text[2] == ':' && (text.size() == minutes_only || text[5] == ':');
    if (!hour || !minute || !second || !colons) return std::nullopt;
    return TimeOfDay{*hour, *minute, *second};
}

std::tm local(system_clock::time_point time) {
    const auto seconds = system_clock::to_time_t(time);
    std::tm parts{};
    localtime_r(&seconds, &parts);
    return parts;
}

// mktime finds the offset of that day, and takes a 32nd for the first of the next month.
system_clock::time_point at(TimeOfDay time, std::tm day, int days_later) {
    day.tm_hour = time.hour;
    day.tm_min = time.minute;
    day.tm_sec = time.second;
    day.tm_mday += days_later;
    day.tm_isdst = -1;
    return system_clock::from_time_t(std::mktime(&day));
}

}  // namespace

Expected<system_clock::time_point> parse_until(std::string_view text, system_clock::time_point now) {
    if (const auto time = parse_time_of_day(text)) {
        const auto today = at(*time, local(now), 0);
        return today > now ? today : at(*time, local(now), 1);
    }
    const auto time = settings::parse_time(text);
    if (!time) {
        return unexpected(
            "accepted: a time of day such as 04:00, or a full one such as 2026-01-31T04:00:00Z");
    }
    // Compared as it was read: the system's clock, in nanoseconds, ends in the year 2262.
    using std::chrono::floor;
    using std::chrono::microseconds;
    if (*time <= floor<microseconds>(now)) return unexpected("that time is over");
    if (*time > floor<microseconds>(system_clock::time_point::max()))
        return unexpected("that time is too far away");
    return system_clock::time_point(*time);
}

std::string format_until(system_clock::time_point until, system_clock::time_point now) {
    const auto parts = local(until);
    const auto today = local(now);
    const bool same_day = parts.tm_year == today.tm_year && parts.tm_yday == today.tm_yday;
    std::array<char, 64> text{};
    const auto size =
        std::strftime(text.data(), text.size(), same_day ? "%H:%M:%S %z" : "%Y-%m-%d %H:%M:%S %z", &parts);
    return {text.data(), size};
}

std::optional<system_clock::time_point> given_until(const settings::Values& values) {
    if (!values.given("until")) return std::nullopt;
    const auto time = parse_until(values.text("until"), system_clock::now());
    if (time) return *time;
    throw settings::bad_value(values, "until", settings::in_quotes(values.text("until")), time.error());
}

}  // namespace tti::stack
