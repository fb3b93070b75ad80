#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "timeseries/time.hpp"

namespace tti::timeseries {

// A table that is kept in chunks of time.
struct Table {
    std::string schema;
    std::string name;
    std::string time_column;

    [[nodiscard]] std::string relation() const;  // quoted, for SQL
};

// From `from`, up to and without `to`.
struct Range {
    Time from;
    Time to;
    bool operator==(const Range&) const = default;
};

// A part of a table that is dropped whole.
struct Chunk {
    std::string relation;  // quoted, for SQL
    Range range;
    std::int64_t rows = 0;   // as the server's statistics have it; of strays counted
    std::int64_t bytes = 0;  // indexes and values kept apart included; of strays the share of their rows
    bool compressed = false;
    // Rows for whose time no chunk was made. `relation` holds others too: the default partition.
    bool stray = false;
};

// What applies a rule: a job of TimescaleDB, or a maintenance run of ours. Texts are empty where it has not
// run, or does not know.
struct Job {
    std::string last_run = {};
    std::string last_outcome = {};  // "Success", "Failed"
    std::string next_run = {};
    std::int64_t failures = 0;
    bool scheduled = true;  // somebody may have stopped it
};

// Removal of chunks that are older than `keep` with all their rows.
struct Retention : Job {
    Span keep{0};
};

// Compression of chunks that are older than `after` with all their rows.
struct Compression : Job {
    Span after{0};
};

}  // namespace tti::timeseries
