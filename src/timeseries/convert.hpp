#pragma once

#include <functional>

#include "timeseries/keeper.hpp"

namespace tti::timeseries {

// Makes a partitioned table a hypertable with the same rows, indexes, owner, rights, chunk length and
// retention, in one transaction: killed, nothing has happened. Writes wait for it, reads only for its end.
// `progress` is told the rows copied so far. Rows copied.
std::int64_t convert_to_timescaledb(const Means& means, const Table& table,
                                    const std::function<void(std::int64_t)>& progress);

// Its inner part, in a transaction of the caller's: all but the retention, which stays where partitions keep
// theirs. `progress` is told the rows of each part.
void copy_into_hypertable(const Means& means, const Table& table,
                          const std::function<void(std::int64_t)>& progress);

}  // namespace tti::timeseries
