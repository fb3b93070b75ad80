#include "aws/time.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>

#include <curl/curl.h>
#include <fmt/chrono.h>
#include <poll.h>

namespace tti::aws {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// "+01:00" or "+0100".
std::optional<std::chrono::minutes> parse_offset(std::string_view text) {
    if (text == "Z") return std::chrono::minutes{0};
    std::string digits;
    for (const char letter : text.substr(text.empty() ? 0 : 1)) {
        if (letter >= '0' && letter <= '9') digits += letter;
    }
    if (digits.size() != 4 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    const int value = std::stoi(digits);
    const std::chrono::minutes offset{value / 100 * 60 + value % 100};
    return text[0] == '-' ? -offset : offset;
}

// The system's clock, in nanoseconds, ends in the year 2262; "9999-12-31" means never.
Time clock_time(std::time_t seconds) {
    // An offset is at most a hundred hours, as its digits go.
    constexpr std::chrono::seconds latest =
        std::chrono::floor<std::chrono::seconds>(Time::max().time_since_epoch()) - std::chrono::hours(101);
    return std::chrono::system_clock::from_time_t(std::clamp(seconds, -latest.count(), latest.count()));
}

}  // namespace

void SystemClock::wait(milliseconds time, util::Stop& stop) {
    const auto end = steady_clock::now() + time;
    for (;;) {
        util::throw_if_requested(stop);
        const auto left = duration_cast<milliseconds>(end - steady_clock::now());
        if (left.count() <= 0) return;
        // A stop without a descriptor is asked now and then.
        constexpr milliseconds longest{200};
        std::array<pollfd, 1> waiting{pollfd{stop.descriptor(), POLLIN, 0}};
        poll(waiting.data(), waiting.size(), static_cast<int>(std::min(left, longest).count() + 1));
    }
}

std::string signing_time(Time time) {
    return fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::optional<Time> parse_iso_time(std::string_view text) {
    const std::string whole(text);
    std::tm parts{};
    const char* rest = strptime(whole.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
    if (rest == nullptr) return std::nullopt;
    if (*rest == '.') {
        for (++rest; *rest >= '0' && *rest <= '9';) ++rest;
    }
    const auto offset = parse_offset(rest);
    if (!offset) return std::nullopt;
    return clock_time(timegm(&parts)) - *offset;
}

std::optional<Time> parse_http_date(const std::string& text) {
    const auto seconds = curl_getdate(text.c_str(), nullptr);
    if (seconds < 0) return std::nullopt;
    return clock_time(seconds);
}

}  // namespace tti::aws
