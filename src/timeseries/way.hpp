#pragma once

#include <string_view>

#include "util/expected.hpp"

namespace tti::timeseries {

// How time-partitioned tables are kept.
enum class Way {
    timescaledb,  // hypertables; the extension's background jobs keep them
    partitions,   // native range partitions; a maintenance run keeps them
};
std::string_view describe(Way way);  // "timescaledb", "partitions"
Expected<Way> parse_way(std::string_view text);

}  // namespace tti::timeseries
