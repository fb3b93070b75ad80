#pragma once

#include <span>
#include <string>
#include <vector>

#include "postgres/connection.hpp"
#include "timeseries/chunk.hpp"

namespace tti::timeseries {

// "count(*)", under a name.
struct Measure {
    std::string name;
    std::string expression;  // an aggregate that is the same however the rows are ordered
};

// A table of aggregates in buckets of time, as data: TimescaleDB keeps it as a continuous aggregate, native
// partitions as a table of the same name and columns (bucket, groups, measures).
struct RollUp {
    std::string name;
    std::string source;       // a raw table, or a roll-up declared before
    std::string source_time;  // its column: "received_at", or "bucket"
    Span bucket;              // the buckets of what is built on a roll-up are multiples of its own
    std::vector<std::string> groups;
    std::vector<Measure> measures;
    std::vector<std::string> indexes;  // "tenant_id, gateway_id, bucket"
    // How far back TimescaleDB's jobs look at least: for what came to databases that had its source already.
    Span least_look_back{0};
};

// All roll-ups of a schema: each after its source.
struct RollUps {
    std::string schema;
    std::vector<RollUp> all;

    [[nodiscard]] Table table(const RollUp& roll_up) const { return {schema, roll_up.name, "bucket"}; }
    [[nodiscard]] bool is_source(const std::string& name) const;
    // Whether it is a raw table, and no roll-up.
    [[nodiscard]] bool is_raw(const std::string& source) const;
    // Raw tables and roll-ups that others are built on, each after what it is built on itself.
    [[nodiscard]] std::vector<std::string> sources() const;
    [[nodiscard]] std::vector<const RollUp*> built_on(const std::string& source) const;
    // In what units changes of a source are noted: the longest bucket of what is built on it.
    [[nodiscard]] Span unit(const std::string& source) const;
};

// Buckets are counted from here: a Monday, as TimescaleDB's are.
// https://docs.timescale.com/api/latest/hyperfunctions/time_bucket/
inline constexpr Time bucket_origin = std::chrono::sys_days(std::chrono::year(2000) / 1 / 3);

// How late rows of raw tables may come, and still count, where nothing else was said.
inline constexpr Span least_late = std::chrono::hours(72);

// The start of the bucket that `time` is in.
Time bucket_start(Time time, Span bucket);

// The first bucket that begins at that time or later.
Time next_bucket_start(Time time, Span bucket);

// Adjacent units as ranges of at most `most` units each. `units` is ascending, without repetition.
std::vector<Range> merge_units(std::span<const Time> units, Span unit, int most);

// The columns "bucket, groups…, measures…".
std::string column_list(const RollUp& roll_up);
// SELECT … FROM … WHERE … GROUP BY …; `bucket` computes the bucket, `condition` may be empty.
std::string aggregate_sql(const std::string& schema, const RollUp& roll_up, const std::string& bucket,
                          const std::string& condition);

// Replaces all buckets since `from`, the start of one, of `rows`: the relation that holds them.
void replace_since(postgres::Connection& connection, const RollUps& roll_ups, const RollUp& roll_up,
                   const std::string& rows, const std::string& bucket, Time from);

}  // namespace tti::timeseries
