#include "lorawan/value_text.hpp"

#include <array>
#include <chrono>

#include <fmt/format.h>

#include "util/secret.hpp"
#include "util/utf8.hpp"

namespace tti::lorawan {
namespace {

std::string hex(std::string_view bytes, std::string_view digits) {
    std::string text;
    for (const char byte : bytes) {
        text += digits[static_cast<unsigned char>(byte) >> 4U];
        text += digits[static_cast<unsigned char>(byte) & 15U];
    }
    return text;
}

// ".5" for half a second, nothing for none.
std::string fraction(std::int64_t nanoseconds) {
    if (nanoseconds <= 0 || nanoseconds > 999999999) return {};
    std::string text = fmt::format(".{:09}", nanoseconds);
    text.erase(text.find_last_not_of('0') + 1);
    return text;
}

template <std::size_t Size>
std::string named(const std::array<std::string_view, Size>& names, std::uint64_t value) {
    return value < Size ? std::string(names.at(value)) : std::to_string(value);
}

}  // namespace

std::string lower_hex(std::string_view bytes) {
    return hex(bytes, "0123456789abcdef");
}

std::string upper_hex(std::string_view bytes) {
    return hex(bytes, "0123456789ABCDEF");
}

std::string readable(std::string_view text) {
    return util::parse_utf8(text) ? std::string(text) : lower_hex(text);
}

std::string without_password(std::string_view url) {
    const auto scheme = url.find("://");
    const auto host = scheme == std::string_view::npos ? 0 : scheme + 3;
    const auto end = url.find_first_of("/?#", host);
    const auto at = url.substr(0, end).rfind('@');
    if (at == std::string_view::npos || at < host) return readable(url);
    return readable(url.substr(0, host)) + std::string(Secret::mask) + readable(url.substr(at));
}

std::string time_text(std::int64_t seconds, std::int64_t nanoseconds) {
    constexpr std::int64_t first = -62135596800;  // year 1
    constexpr std::int64_t last = 253402300799;   // the end of year 9999
    if (seconds < first || seconds > last) return std::to_string(seconds) + fraction(nanoseconds);
    const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       fraction(nanoseconds));
}

std::string duration_text(std::int64_t seconds, std::int64_t nanoseconds) {
    const bool negative = seconds < 0 || nanoseconds < 0;
    const auto magnitude = [](std::int64_t value) {
        return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    };
    const auto nanos = static_cast<std::int64_t>(magnitude(nanoseconds) % 1000000000U);
    return fmt::format("{}{}{}s", negative ? "-" : "", magnitude(seconds), fraction(nanos));
}

std::string mac_version_text(std::uint64_t version) {
    return named<7>({"unknown", "1.0.0", "1.0.1", "1.0.2", "1.1.0", "1.0.3", "1.0.4"}, version);
}

std::string device_class_text(std::uint64_t device_class) {
    return named<3>({"A", "B", "C"}, device_class);
}

}  // namespace tti::lorawan
