#include "timeseries/timescale.hpp"

namespace tti::timeseries {
namespace {

constexpr std::string_view chunks_sql = R"(
SELECT quote_ident(c.chunk_schema) || '.' || quote_ident(c.chunk_name),
       (extract(epoch FROM c.range_start) * 1000000)::bigint,
       (extract(epoch FROM c.range_end) * 1000000)::bigint,
       greatest(r.reltuples::bigint, pg_stat_get_live_tuples(r.oid), 0), s.total_bytes, c.is_compressed
  FROM timescaledb_information.chunks c
  JOIN pg_class r ON r.oid = format('%I.%I', c.chunk_schema, c.chunk_name)::regclass
  JOIN chunks_detailed_size($1::regclass) s ON s.chunk_schema = c.chunk_schema AND s.chunk_name = c.chunk_name
 WHERE c.hypertable_schema = $2 AND c.hypertable_name = $3
 ORDER BY c.range_start)";

constexpr std::string_view retention_sql = R"(
SELECT (extract(epoch FROM (j.config->>'drop_after')::interval) * 1000000)::bigint,
       to_char(s.last_run_started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), s.last_run_status,
       to_char(j.next_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), s.total_failures, j.scheduled
  FROM timescaledb_information.jobs j
  LEFT JOIN timescaledb_information.job_stats s USING (job_id)
 WHERE j.proc_name = 'policy_retention' AND j.hypertable_schema = $1 AND j.hypertable_name = $2)";

}  // namespace

void Timescale::adopt(const Table& table, Span chunk_length) {
    means_.connection.query(
        "SELECT create_hypertable($1::regclass, $2::name, chunk_time_interval => $3::interval, "
        "create_default_indexes => false)",
        {table.relation(), table.time_column, interval_text(chunk_length)});
}

Span Timescale::chunk_length(const Table& table) {
    const auto row = means_.connection.query(
        "SELECT (extract(epoch FROM time_interval) * 1000000)::bigint FROM "
        "timescaledb_information.dimensions "
        "WHERE hypertable_schema = $1 AND hypertable_name = $2 AND dimension_type = 'Time'",
        {table.schema, table.name});
    return Span(row.integer(0, 0));
}

void Timescale::set_chunk_length(const Table& table, Span length) {
    means_.connection.query("SELECT set_chunk_time_interval($1::regclass, $2::interval)",
                            {table.relation(), interval_text(length)});
}

std::vector<Chunk> Timescale::chunks(const Table& table) {
    const auto rows =
        means_.connection.query(std::string(chunks_sql), {table.relation(), table.schema, table.name});
    std::vector<Chunk> result;
    for (int row = 0; row < rows.rows(); ++row) {
        result.push_back({.relation = std::string(rows.text(row, 0)),
                          .range = {Time(Span(rows.integer(row, 1))), Time(Span(rows.integer(row, 2)))},
                          .rows = rows.integer(row, 3),
                          .bytes = rows.integer(row, 4),
                          .compressed = rows.boolean(row, 5)});
    }
    return result;
}

void Timescale::drop(const Table& table, const Chunk& chunk) {
    postgres::with_short_locks(
        means_.connection, means_.stop, {}, means_.blocked, [&](postgres::Connection& inside) {
            inside.query(
                "SELECT drop_chunks($1::regclass, older_than => $2::timestamptz, newer_than => "
                "$3::timestamptz)",
                {table.relation(), format(chunk.range.to), format(chunk.range.from)});
        });
}

std::optional<Retention> Timescale::retention(const Table& table) {
    const auto row = means_.connection.query(std::string(retention_sql), {table.schema, table.name});
    if (row.empty()) return std::nullopt;
    const auto text = [&row](int column) { return row.optional_text(0, column).value_or(""); };
    return Retention{.keep = Span(row.integer(0, 0)),
                     .last_run = text(1),
                     .last_outcome = text(2),
                     .next_run = text(3),
                     .failures = row.integer(0, 4),
                     .scheduled = row.boolean(0, 5)};
}

void Timescale::set_retention(const Table& table, std::optional<Span> keep) {
    std::optional<postgres::Transaction> transaction;
    if (!means_.connection.in_transaction()) transaction.emplace(means_.connection);
    means_.connection.query("SELECT remove_retention_policy($1::regclass, if_exists => true)",
                            {table.relation()});
    if (keep) {
        means_.connection.query("SELECT add_retention_policy($1::regclass, drop_after => $2::interval)",
                                {table.relation(), interval_text(*keep)});
    }
    if (transaction) transaction->commit();
}

}  // namespace tti::timeseries
