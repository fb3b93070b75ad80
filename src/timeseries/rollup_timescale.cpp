#include "timeseries/rollup_timescale.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "timeseries/rollup_sources.hpp"

namespace tti::timeseries {
namespace {

using postgres::quote_identifier;
using postgres::quote_literal;

constexpr std::string_view create_aggregate_sql =
    "CREATE MATERIALIZED VIEW {} WITH (timescaledb.continuous, timescaledb.materialized_only = true, "
    "timescaledb.create_group_indexes = false) AS {} WITH NO DATA";

// What is shown is at most this old. https://www.thethingsindustries.com/docs/ (Network Operations Center)
constexpr Span refresh_interval = std::chrono::minutes(5);

std::string interval(Span span) {
    return quote_literal(interval_text(span)) + "::interval";
}

std::string bucket_of(const RollUp& roll_up) {
    return fmt::format("time_bucket({}, {})", interval(roll_up.bucket),
                       quote_identifier(roll_up.source_time));
}

constexpr std::string_view late_sql = R"(
SELECT (extract(epoch FROM (config->>'start_offset')::interval) * 1000000)::bigint
  FROM timescaledb_information.jobs
 WHERE proc_name = 'policy_refresh_continuous_aggregate' AND hypertable_schema = $1 AND hypertable_name = $2)";

constexpr std::string_view set_late_sql = R"(
SELECT alter_job(job_id, config => jsonb_set(config, '{start_offset}', to_jsonb($3::interval::text)))
  FROM timescaledb_information.jobs
 WHERE proc_name = 'policy_refresh_continuous_aggregate' AND hypertable_schema = $1 AND hypertable_name = $2)";

}  // namespace

void TimescaleRollUps::watch(const Table& source) {
    static_cast<void>(remember_source(means_.connection, roll_ups_.schema, source.name));
}

// Buckets of a roll-up of a roll-up begin up to their own length before those that they are made of.
Span TimescaleRollUps::look_back(const RollUp& roll_up, Span late) const {
    const auto needed = roll_ups_.is_raw(roll_up.source) ? late : late + 2 * roll_up.bucket;
    return std::max(needed, roll_up.least_look_back);
}

void TimescaleRollUps::create_view(const RollUp& roll_up, Span chunk_length) {
    auto& connection = means_.connection;
    const auto relation = roll_ups_.table(roll_up).relation();
    connection.execute(fmt::format(create_aggregate_sql, relation,
                                   aggregate_sql(roll_ups_.schema, roll_up, bucket_of(roll_up), "")));
    for (const auto& index : roll_up.indexes)
        connection.execute(fmt::format("CREATE INDEX ON {} ({})", relation, index));
    connection.query("SELECT set_chunk_time_interval($1::regclass, $2::interval)",
                     {storage(roll_up).relation(), interval_text(chunk_length)});
}

// The bucket that is still being filled is refreshed too.
void TimescaleRollUps::schedule(const RollUp& roll_up, Span late) {
    means_.connection.query(
        "SELECT add_continuous_aggregate_policy($1::regclass, start_offset => $2::interval, "
        "end_offset => $3::interval, schedule_interval => $4::interval)",
        {roll_ups_.table(roll_up).relation(), interval_text(look_back(roll_up, late)),
         interval_text(-roll_up.bucket), interval_text(refresh_interval)});
}

void TimescaleRollUps::create(const RollUp& roll_up, Span chunk_length) {
    if (roll_ups_.is_source(roll_up.name))
        static_cast<void>(remember_source(means_.connection, roll_ups_.schema, roll_up.name));
    create_view(roll_up, chunk_length);
    schedule(roll_up, least_late);
}

void TimescaleRollUps::refresh_one(const RollUp& roll_up, const Range& range) {
    const auto from = range.from == Time::min()
                          ? std::string("NULL")
                          : quote_literal(format(bucket_start(range.from, roll_up.bucket))) + "::timestamptz";
    const auto to = bucket_start(range.to - Span(1), roll_up.bucket) + roll_up.bucket;
    means_.connection.execute(fmt::format("CALL refresh_continuous_aggregate({}, {}, {}::timestamptz)",
                                          quote_literal(roll_ups_.table(roll_up).relation()), from,
                                          quote_literal(format(to))));
}

void TimescaleRollUps::refresh_all(const Range& range, const std::function<void(std::int64_t)>& done) {
    for (const auto& roll_up : roll_ups_.all) {
        refresh_one(roll_up, range);
        done(0);
    }
}

// All jobs are set in one transaction, so one stands for all.
std::optional<Span> TimescaleRollUps::late() {
    const auto& roll_up = roll_ups_.all.front();
    const auto row = means_.connection.query(std::string(late_sql), {roll_ups_.schema, roll_up.name});
    if (row.empty()) return std::nullopt;
    return Span(row.integer(0, 0)) - look_back(roll_up, Span::zero());
}

void TimescaleRollUps::set_late(Span late) {
    postgres::Transaction transaction(means_.connection);
    for (const auto& roll_up : roll_ups_.all) {
        means_.connection.query(std::string(set_late_sql),
                                {roll_ups_.schema, roll_up.name, interval_text(look_back(roll_up, late))});
    }
    transaction.commit();
}

void TimescaleRollUps::will_drop(const std::string& source, Time before) {
    note_gone(means_.connection, roll_ups_.schema, source, before);
}

// The hypertable that holds its rows.
Table TimescaleRollUps::storage(const RollUp& roll_up) {
    const auto row = means_.connection.query(
        "SELECT materialization_hypertable_schema, materialization_hypertable_name FROM "
        "timescaledb_information.continuous_aggregates WHERE view_schema = $1 AND view_name = $2",
        {roll_ups_.schema, roll_up.name});
    return {std::string(row.text(0, 0)), std::string(row.text(0, 1)), "bucket"};
}

// TimescaleDB makes no bucket anew that was refreshed and whose rows have not changed since: hence a refresh
// of everything before.
void TimescaleRollUps::load(const RollUp& roll_up, const Copy& copy) {
    auto& connection = means_.connection;
    const auto newest = connection.execute(
        fmt::format("SELECT (extract(epoch FROM greatest(now(), max({}))) * 1000000)::bigint FROM {}.{}",
                    quote_identifier(roll_up.source_time), quote_identifier(roll_ups_.schema),
                    quote_identifier(roll_up.source)));
    refresh_one(roll_up, {Time::min(), Time(Span(newest.integer(0, 0))) + Span(1)});
    const auto rows = storage(roll_up).relation();
    postgres::Transaction transaction(connection);
    connection.execute("DELETE FROM " + rows);
    copy(rows);
    transaction.commit();
}

void TimescaleRollUps::remake(const RollUp& roll_up, Time from) {
    replace_since(means_.connection, roll_ups_, roll_up, storage(roll_up).relation(), bucket_of(roll_up),
                  next_bucket_start(from, roll_up.bucket));
}

std::int64_t TimescaleRollUps::erase(const RollUp& roll_up, const std::string& condition) {
    return means_.connection
        .execute(fmt::format("DELETE FROM {} WHERE {}", storage(roll_up).relation(), condition))
        .affected();
}

}  // namespace tti::timeseries
