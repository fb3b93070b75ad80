#include "timeseries/timescale.hpp"

#include <fmt/format.h>

namespace tti::timeseries {
namespace {

// The rows of a compressed chunk are in another table; how many they were is in the catalogue alone.
constexpr std::string_view chunks_sql = R"(
SELECT quote_ident(c.chunk_schema) || '.' || quote_ident(c.chunk_name),
       (extract(epoch FROM c.range_start) * 1000000)::bigint,
       (extract(epoch FROM c.range_end) * 1000000)::bigint,
       greatest(r.reltuples::bigint, pg_stat_get_live_tuples(r.oid),
                z.numrows_pre_compression, 0), s.total_bytes, c.is_compressed
  FROM timescaledb_information.chunks c
  JOIN pg_class r ON r.oid = format('%I.%I', c.chunk_schema, c.chunk_name)::regclass
  JOIN chunks_detailed_size($1::regclass) s ON s.chunk_schema = c.chunk_schema AND s.chunk_name = c.chunk_name
  JOIN _timescaledb_catalog.chunk k ON k.schema_name = c.chunk_schema AND k.table_name = c.chunk_name
  LEFT JOIN _timescaledb_catalog.compression_chunk_size z ON z.chunk_id = k.id
 WHERE c.hypertable_schema = $2 AND c.hypertable_name = $3
 ORDER BY c.range_start)";

// The span of a policy, then what its job did.
constexpr std::string_view policy_sql = R"(
SELECT (extract(epoch FROM (j.config->>$4)::interval) * 1000000)::bigint,
       to_char(s.last_run_started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), s.last_run_status,
       to_char(j.next_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), s.total_failures, j.scheduled
  FROM timescaledb_information.jobs j
  LEFT JOIN timescaledb_information.job_stats s USING (job_id)
 WHERE j.proc_name = $3 AND j.hypertable_schema = $1 AND j.hypertable_name = $2)";

template <typename Policy>
std::optional<Policy> read_policy(const postgres::Result& row, Span Policy::*span) {
    if (row.empty()) return std::nullopt;
    const auto text = [&row](int column) { return row.optional_text(0, column).value_or(""); };
    Policy policy;
    policy.*span = Span(row.integer(0, 0));
    policy.last_run = text(1);
    policy.last_outcome = text(2);
    policy.next_run = text(3);
    policy.failures = row.is_null(0, 4) ? 0 : row.integer(0, 4);
    policy.scheduled = row.boolean(0, 5);
    return policy;
}

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
    result.reserve(static_cast<std::size_t>(rows.rows()));
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
    return read_policy(means_.connection.query(std::string(policy_sql),
                                               {table.schema, table.name, "policy_retention", "drop_after"}),
                       &Retention::keep);
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

std::optional<Compression> Timescale::compression(const Table& table) {
    return read_policy(
        means_.connection.query(std::string(policy_sql),
                                {table.schema, table.name, "policy_compression", "compress_after"}),
        &Compression::after);
}

void Timescale::set_compression(const Table& table, std::optional<Span> after, const std::string& together) {
    auto& connection = means_.connection;
    std::optional<postgres::Transaction> transaction;
    if (!connection.in_transaction()) transaction.emplace(connection);
    connection.query("SELECT remove_compression_policy($1::regclass, if_exists => true)", {table.relation()});
    if (after) {
        // How they are compressed cannot be said again while some are.
        if (connection
                .query("SELECT 1 FROM timescaledb_information.hypertables WHERE hypertable_schema = $1 AND "
                       "hypertable_name = $2 AND compression_enabled",
                       {table.schema, table.name})
                .empty()) {
            connection.execute(
                fmt::format("ALTER TABLE {} SET (timescaledb.compress, timescaledb.compress_segmentby = {}, "
                            "timescaledb.compress_orderby = {})",
                            table.relation(), postgres::quote_literal(together),
                            postgres::quote_literal(table.time_column)));
        }
        connection.query("SELECT add_compression_policy($1::regclass, compress_after => $2::interval)",
                         {table.relation(), interval_text(*after)});
    }
    if (transaction) transaction->commit();
}

}  // namespace tti::timeseries
