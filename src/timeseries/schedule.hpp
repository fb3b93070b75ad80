#pragma once

#include <span>
#include <vector>

#include "timeseries/chunk.hpp"

namespace tti::timeseries {

// The arithmetic of chunks: no server, no clock.

// The chunk that `time` belongs in, of that length and beginning at a multiple of it (counted from 1970 in
// UTC), cut where existing ranges are in the way. `existing` is ascending and does not hold `time`.
Range range_for(Time time, Span length, std::span<const Range> existing);

// The range that holds `time`; none: nullptr.
const Range* find_range(Time time, std::span<const Range> existing);

// The ranges that are missing between both times, ascending; at most `most` of them.
std::vector<Range> missing_ranges(Time from, Time to, Span length, std::span<const Range> existing,
                                  std::size_t most);

// How long before its time a chunk is made: two lengths, and at least a week.
Span made_ahead(Span length);

// Whether all its rows are older than `keep`.
inline bool is_expired(const Range& range, Time now, Span keep) {
    return range.to <= now - keep;
}

std::vector<Range> ranges_of(std::span<const Chunk> chunks);

}  // namespace tti::timeseries
