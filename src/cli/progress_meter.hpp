#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "operation/reporter.hpp"

namespace tti::cli {

// Watches one step after the other: how fast it goes and how long it will take.
class ProgressMeter {
  public:
    using Time = std::chrono::steady_clock::time_point;

    void update(const operation::Progress& progress, Time now);

    [[nodiscard]] const operation::Progress& last() const { return last_; }
    // Units a second since the step began; none before there is something to measure.
    [[nodiscard]] std::optional<double> rate() const;
    [[nodiscard]] std::optional<std::chrono::seconds> remaining() const;
    // Between 0 and 1; none where the total is unknown.
    [[nodiscard]] std::optional<double> share() const;

  private:
    operation::Progress last_;
    Time start_{};
    Time now_{};
    std::int64_t done_at_start_ = 0;
};

// "[2/15] name  [#####-----]  50%  600/1,200 users  80/s  8 s left", without the bar: the same for plain
// lines.
std::string progress_text(const ProgressMeter& meter, bool bar);

std::string with_thousands(std::int64_t number);  // "1,204,331"
std::string short_duration(
    std::chrono::milliseconds duration);  // "0.4 s", "12 s", "3 min 05 s", "2 h 03 min"

}  // namespace tti::cli
