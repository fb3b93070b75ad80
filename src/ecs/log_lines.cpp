#include "ecs/log_lines.hpp"

#include <algorithm>
#include <utility>

namespace tti::ecs {
namespace {

// More than CloudWatch gives in one page, so that a page that comes again is known.
constexpr std::size_t most_recent = 10'000;
// A line that grows beyond this has lost its end.
constexpr std::size_t longest_line = std::size_t{8} << 20U;

}  // namespace

std::vector<LogLine> LogLines::add(std::span<const aws::LogEvent> events) {
    const auto fresh = events.subspan(overlap(events));
    std::vector<LogLine> lines;
    for (const auto& event : fresh) {
        take(event, lines);
        remember(event);
    }
    return lines;
}

std::vector<LogLine> LogLines::add_again(std::span<const aws::LogEvent> all_events) {
    const auto begun = std::exchange(begun_, {});
    std::vector<LogLine> lines;
    for (const auto& event : all_events) take(event, lines);
    begun_ = begun;
    std::erase_if(lines, [](const LogLine& line) { return std::holds_alternative<std::string>(line); });
    return lines;
}

std::vector<LogLine> LogLines::rest() {
    if (begun_.empty()) return {};
    return {std::exchange(begun_, {})};
}

// How many of the first events came before, at the end of what came.
std::size_t LogLines::overlap(std::span<const aws::LogEvent> events) const {
    for (auto count = std::min(events.size(), recent_.size()); count > 0; --count) {
        const auto tail = recent_.end() - static_cast<std::ptrdiff_t>(count);
        if (std::equal(tail, recent_.end(), events.begin())) return count;
    }
    return 0;
}

void LogLines::remember(const aws::LogEvent& event) {
    recent_.push_back(event);
    if (recent_.size() > most_recent) recent_.pop_front();
}

void LogLines::take(const aws::LogEvent& event, std::vector<LogLine>& lines) {
    const auto& text = event.message;
    if (cli::begins_relayed(text)) {
        // A piece that came twice in a row begins the same line again.
        if (begun_ == text) return;
        for (auto& line : rest()) lines.push_back(std::move(line));
    } else if (begun_.empty() || begun_.size() + text.size() > longest_line) {
        for (auto& line : rest()) lines.push_back(std::move(line));
        lines.emplace_back(text);
        return;
    } else if (is_repeated(event)) {
        return;
    }
    begun_ += text;
    if (auto line = cli::parse_relayed(begun_)) {
        begun_.clear();
        take_number(std::move(*line), lines);
    }
}

// A piece in the middle of a line, sent twice in a row.
bool LogLines::is_repeated(const aws::LogEvent& event) const {
    return !recent_.empty() && recent_.back().time == event.time && recent_.back().message == event.message;
}

void LogLines::take_number(cli::RelayedLine line, std::vector<LogLine>& lines) {
    const auto number = line.number;
    if (number <= whole_until_ || !numbers_above_.insert(number).second) return;
    ++seen_;
    last_number_ = std::max(last_number_, number);
    while (numbers_above_.erase(whole_until_ + 1) > 0) ++whole_until_;
    if (const auto code = line.exit_code()) exit_code_ = code;
    lines.emplace_back(std::move(line));
}

}  // namespace tti::ecs
