#include "timeseries/schedule.hpp"

#include <algorithm>

namespace tti::timeseries {
namespace {

Time floor_to(Time time, Span length) {
    const auto since = time.time_since_epoch();
    auto lengths = since / length;
    if (since % length < Span::zero()) --lengths;
    return Time(lengths * length);
}

}  // namespace

const Range* find_range(Time time, std::span<const Range> existing) {
    const auto found = std::ranges::find_if(
        existing, [time](const Range& range) { return range.from <= time && time < range.to; });
    return found == existing.end() ? nullptr : &*found;
}

Range range_for(Time time, Span length, std::span<const Range> existing) {
    const auto from = floor_to(time, length);
    Range result{from, from + length};
    for (const auto& range : existing) {
        if (range.to <= time) result.from = std::max(result.from, range.to);
        if (range.from > time) result.to = std::min(result.to, range.from);
    }
    return result;
}

std::vector<Range> missing_ranges(Time from, Time to, Span length, std::span<const Range> existing,
                                  std::size_t most) {
    std::vector<Range> missing;
    for (Time time = from; time <= to && missing.size() < most;) {
        if (const auto* range = find_range(time, existing)) {
            time = range->to;
            continue;
        }
        missing.push_back(range_for(time, length, existing));
        time = missing.back().to;
    }
    return missing;
}

Span made_ahead(Span length) {
    constexpr Span least = std::chrono::days(7);
    return std::max(2 * length, least);
}

std::vector<Range> ranges_of(std::span<const Chunk> chunks) {
    std::vector<Range> ranges;
    ranges.reserve(chunks.size());
    for (const auto& chunk : chunks) ranges.push_back(chunk.range);
    return ranges;
}

}  // namespace tti::timeseries
