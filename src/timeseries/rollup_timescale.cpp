#include "timeseries/rollup_timescale.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace tti::timeseries {
namespace {

using postgres::quote_identifier;
using postgres::quote_literal;

constexpr std::string_view create_sql =
    "CREATE MATERIALIZED VIEW {} WITH (timescaledb.continuous, timescaledb.materialized_only = true, "
    "timescaledb.create_group_indexes = false) AS {} WITH NO DATA";

// What is shown is at most this old. https://www.thethingsindustries.com/docs/ (Network Operations Center)
constexpr Span refresh_interval = std::chrono::minutes(5);

std::string interval(Span span) {
    return quote_literal(interval_text(span)) + "::interval";
}

// A window must hold two buckets; the one that is still being filled is refreshed too.
Span start_offset(const RollUp& roll_up) {
    return std::max(roll_up.late, 2 * roll_up.bucket);
}

}  // namespace

void TimescaleRollUps::create(const RollUp& roll_up, Span chunk_length) {
    auto& connection = means_.connection;
    const auto relation = roll_ups_.table(roll_up).relation();
    const auto bucket =
        fmt::format("time_bucket({}, {})", interval(roll_up.bucket), quote_identifier(roll_up.source_time));
    connection.execute(
        fmt::format(create_sql, relation, aggregate_sql(roll_ups_.schema, roll_up, bucket, "")));
    for (const auto& index : roll_up.indexes)
        connection.execute(fmt::format("CREATE INDEX ON {} ({})", relation, index));
    connection.query("SELECT set_chunk_time_interval($1::regclass, $2::interval)",
                     {storage(roll_up).relation(), interval_text(chunk_length)});
    connection.query(
        "SELECT add_continuous_aggregate_policy($1::regclass, start_offset => $2::interval, "
        "end_offset => $3::interval, schedule_interval => $4::interval)",
        {relation, interval_text(start_offset(roll_up)), interval_text(-roll_up.bucket),
         interval_text(refresh_interval)});
}

// The window is widened to whole buckets and no further: where the rows are gone, a refresh would empty the
// buckets of what has changed. No transaction can be around it.
void TimescaleRollUps::refresh_all(const Range& range, const std::function<void(std::int64_t)>& done) {
    for (const auto& roll_up : roll_ups_.all) {
        const auto from = bucket_start(range.from, roll_up.bucket);
        const auto to = bucket_start(range.to - Span(1), roll_up.bucket) + roll_up.bucket;
        means_.connection.execute(
            fmt::format("CALL refresh_continuous_aggregate({}, {}::timestamptz, {}::timestamptz)",
                        quote_literal(roll_ups_.table(roll_up).relation()), quote_literal(format(from)),
                        quote_literal(format(to))));
        done(0);
    }
}

// The hypertable that holds its rows.
Table TimescaleRollUps::storage(const RollUp& roll_up) {
    const auto row = means_.connection.query(
        "SELECT materialization_hypertable_schema, materialization_hypertable_name FROM "
        "timescaledb_information.continuous_aggregates WHERE view_schema = $1 AND view_name = $2",
        {roll_ups_.schema, roll_up.name});
    return {std::string(row.text(0, 0)), std::string(row.text(0, 1)), "bucket"};
}

std::int64_t TimescaleRollUps::erase(const RollUp& roll_up, const std::string& condition) {
    return means_.connection
        .execute(fmt::format("DELETE FROM {} WHERE {}", storage(roll_up).relation(), condition))
        .affected();
}

}  // namespace tti::timeseries
