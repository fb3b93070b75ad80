#include "cli/progress_meter.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace tti::cli {
namespace {

std::string bar_text(double share) {
    constexpr std::size_t cells = 20;
    const auto full = static_cast<std::size_t>(share * cells);
    return fmt::format("[{}{}]", std::string(full, '#'), std::string(cells - full, '-'));
}

}  // namespace

void ProgressMeter::update(const operation::Progress& progress, Time now) {
    if (progress.number != last_.number || progress.step != last_.step || progress.unit != last_.unit) {
        start_ = now;
        done_at_start_ = progress.done;
    }
    last_ = progress;
    now_ = now;
}

std::optional<double> ProgressMeter::rate() const {
    const auto done = last_.done - done_at_start_;
    const std::chrono::duration<double> took = now_ - start_;
    if (done <= 0 || took.count() <= 0) return std::nullopt;
    return static_cast<double>(done) / took.count();
}

std::optional<std::chrono::seconds> ProgressMeter::remaining() const {
    const auto speed = rate();
    if (!speed || last_.total <= last_.done) return std::nullopt;
    return std::chrono::seconds(
        static_cast<std::int64_t>(static_cast<double>(last_.total - last_.done) / *speed));
}

std::optional<double> ProgressMeter::share() const {
    if (last_.total <= 0) return std::nullopt;
    return std::clamp(static_cast<double>(last_.done) / static_cast<double>(last_.total), 0.0, 1.0);
}

std::string progress_text(const ProgressMeter& meter, bool bar) {
    const auto& last = meter.last();
    std::string text = fmt::format("[{}/{}] {}", last.number, last.of, last.step);
    if (const auto share = meter.share()) {
        if (bar) text += "  " + bar_text(*share);
        text += fmt::format("  {}%", static_cast<int>(*share * 100));
    }
    if (!last.unit.empty()) {
        const auto total = last.total > 0 ? "/" + with_thousands(last.total) : "";
        text += fmt::format("  {}{} {}", with_thousands(last.done), total, last.unit);
    }
    if (const auto rate = meter.rate())
        text += fmt::format("  {}/s", with_thousands(static_cast<std::int64_t>(*rate)));
    if (const auto left = meter.remaining()) text += fmt::format("  {} left", short_duration(*left));
    return text;
}

std::string with_thousands(std::int64_t number) {
    auto text = std::to_string(number);
    const std::size_t first = number < 0 ? 1 : 0;
    for (auto place = text.size(); place > first + 3;) {
        place -= 3;
        text.insert(place, ",");
    }
    return text;
}

std::string short_duration(std::chrono::milliseconds duration) {
    const auto seconds = duration.count() / 1000;
    if (seconds < 10 && duration.count() % 1000 != 0) {
        return fmt::format("{:.1f} s", static_cast<double>(duration.count()) / 1000);
    }
    if (seconds < 60) return fmt::format("{} s", seconds);
    if (seconds < 3600) return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
    return fmt::format("{} h {:02} min", seconds / 3600, seconds / 60 % 60);
}

}  // namespace tti::cli
