#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "settings/value.hpp"

namespace tti::settings {
namespace {

constexpr std::string_view accepted =
    "accepted: a duration such as 24h, 90m or 1h30m (units: ns, us, ms, s, m, h)";

struct Unit {
    std::string_view name;
    std::uint64_t nanoseconds;
};

// Both characters for micro: U+00B5 and U+03BC.
constexpr std::array units{
    Unit{"ns", 1},         Unit{"us", 1'000},        Unit{"\u00b5s", 1'000},    Unit{"\u03bcs", 1'000},
    Unit{"ms", 1'000'000}, Unit{"s", 1'000'000'000}, Unit{"m", 60'000'000'000}, Unit{"h", 3'600'000'000'000},
};

bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

std::string_view take_digits(std::string_view& text) {
    const auto end = std::ranges::find_if_not(text, is_digit);
    const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits;
}

std::optional<std::uint64_t> take_unit(std::string_view& text) {
    const std::string_view name = text.substr(0, text.find_first_of(".0123456789"));
    const auto* const unit = std::ranges::find(units, name, &Unit::name);
    if (unit == units.end()) return std::nullopt;
    text.remove_prefix(name.size());
    return unit->nanoseconds;
}

// `digits` after the point, in the unit; what is below a nanosecond is cut off.
std::uint64_t fraction_of(std::uint64_t unit, std::string_view digits) {
    constexpr std::size_t precise_digits = 15;
    double fraction = 0;
    double scale = 1;
    for (const char digit : digits.substr(0, precise_digits)) {
        fraction = fraction * 10 + (digit - '0');
        scale *= 10;
    }
    return static_cast<std::uint64_t>(fraction * (static_cast<double>(unit) / scale));
}

// Adds digits × unit to `sum`; false on overflow.
bool add_whole(std::uint64_t& sum, std::string_view digits, std::uint64_t unit) {
    std::uint64_t whole = 0;
    for (const char digit : digits) {
        const auto number = static_cast<std::uint64_t>(digit - '0');
        if (__builtin_mul_overflow(whole, 10U, &whole) || __builtin_add_overflow(whole, number, &whole))
            return false;
    }
    return !__builtin_mul_overflow(whole, unit, &whole) && !__builtin_add_overflow(sum, whole, &sum);
}

// Takes one "1.5h" off `text` and adds it to `sum`.
bool take_part(std::string_view& text, std::uint64_t& sum) {
    const std::string_view whole = take_digits(text);
    std::string_view fraction;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        fraction = take_digits(text);
    }
    if (whole.empty() && fraction.empty()) return false;
    const std::optional<std::uint64_t> unit = take_unit(text);
    return unit && add_whole(sum, whole, *unit) &&
           !__builtin_add_overflow(sum, fraction_of(*unit, fraction), &sum);
}

// The sum of the parts; nothing where one of them is malformed or the sum is too long.
std::optional<std::uint64_t> sum_of_parts(std::string_view text) {
    constexpr auto largest = std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    if (text.empty()) return std::nullopt;
    std::uint64_t sum = 0;
    while (!text.empty()) {
        if (!take_part(text, sum) || sum > largest) return std::nullopt;
    }
    return sum;
}

// Go's form of less than a second: the largest unit that leaves a number of at least one before the point.
std::string format_below_second(std::uint64_t nanoseconds) {
    if (nanoseconds < 1'000) return fmt::format("{}ns", nanoseconds);
    const bool micro = nanoseconds < 1'000'000;
    const double in_unit = static_cast<double>(nanoseconds) / (micro ? 1e3 : 1e6);
    return fmt::format("{}{}", in_unit, micro ? "\u00b5s" : "ms");
}

std::string format_seconds(std::uint64_t nanoseconds) {
    constexpr std::uint64_t second = 1'000'000'000;
    std::string text = fmt::format("{}", nanoseconds / second);
    if (nanoseconds % second == 0) return text + 's';
    text += fmt::format(".{:09}", nanoseconds % second);
    text.erase(text.find_last_not_of('0') + 1);
    return text + 's';
}

}  // namespace

Expected<std::chrono::nanoseconds> parse_duration(std::string_view text, Syntax syntax) {
    std::string_view parts = text;
    const bool negative = parts.starts_with('-');
    if (negative || parts.starts_with('+')) parts.remove_prefix(1);

    const bool bare = !parts.empty() && std::ranges::all_of(parts, is_digit);
    std::optional<std::uint64_t> sum;
    if (bare && (syntax != Syntax::flag || parts == "0")) {
        sum = sum_of_parts(std::string{parts} + "ns");
    } else {
        sum = sum_of_parts(parts);
    }
    if (!sum) return unexpected(std::string{accepted});
    const auto magnitude = static_cast<std::int64_t>(*sum);
    return std::chrono::nanoseconds{negative ? -magnitude : magnitude};
}

bool is_bare_number(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return std::ranges::all_of(text, is_digit) && text.find_first_not_of('0') != std::string_view::npos;
}

std::string format_duration(std::chrono::nanoseconds duration) {
    constexpr std::uint64_t second = 1'000'000'000;
    if (duration.count() == 0) return "0s";
    const bool negative = duration.count() < 0;
    const auto count = static_cast<std::uint64_t>(duration.count());
    const std::uint64_t magnitude = negative ? 0U - count : count;

    std::string text = negative ? "-" : "";
    if (magnitude < second) return text + format_below_second(magnitude);
    const std::uint64_t minutes = magnitude / (60 * second);
    if (minutes >= 60) text += fmt::format("{}h", minutes / 60);
    if (minutes > 0) text += fmt::format("{}m", minutes % 60);
    return text + format_seconds(magnitude % (60 * second));
}

}  // namespace tti::settings
