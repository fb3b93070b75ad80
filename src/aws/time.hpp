#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "util/stop.hpp"

namespace tti::aws {

using Time = std::chrono::system_clock::time_point;

// Time and waiting, so that a test can stand in for both.
class Clock {
  public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;

    virtual Time now() = 0;
    // Throws InterruptedError as soon as an end is asked for.
    virtual void wait(std::chrono::milliseconds time, util::Stop& stop) = 0;
};

class SystemClock final : public Clock {
  public:
    Time now() override { return std::chrono::system_clock::now(); }
    void wait(std::chrono::milliseconds time, util::Stop& stop) override;
};

// "20150830T123600Z", as signatures have it.
std::string signing_time(Time time);

// ISO 8601 with seconds, an optional fraction, and Z or an offset: how expiry is written.
std::optional<Time> parse_iso_time(std::string_view text);
// The header Date (RFC 9110).
std::optional<Time> parse_http_date(const std::string& text);

}  // namespace tti::aws
