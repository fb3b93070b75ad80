#include "timeseries/partitions.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "timeseries/schedule.hpp"

namespace tti::timeseries {
namespace {

using postgres::Connection;
using postgres::quote_identifier;
using postgres::quote_literal;

// A run makes no more of them at once; the next one goes on.
constexpr std::size_t most_made_at_once = 500;

std::string settings_table(const Table& table) {
    return quote_identifier(table.schema) + ".partitioned_tables";
}

std::string default_partition(const Table& table) {
    return quote_identifier(table.schema) + "." + quote_identifier(table.name + "_default");
}

// "messages_p20260203t120000"; names are unique as ranges of one table do not overlap.
std::string partition_name(const Table& table, const Range& range) {
    std::string digits;
    for (const char character : format(range.from)) {
        if (character >= '0' && character <= '9') digits += character;
        if (character == 'T') digits += 't';
    }
    return table.name + "_p" + digits;
}

std::string partition_relation(const Table& table, const Range& range) {
    return quote_identifier(table.schema) + "." + quote_identifier(partition_name(table, range));
}

Time time_at(const postgres::Result& row, int line, int column) {
    return Time(Span(row.integer(line, column)));
}

std::string in_range(const Table& table, const Range& range) {
    return fmt::format("{0} >= {1} AND {0} < {2}", quote_identifier(table.time_column),
                       quote_literal(format(range.from)), quote_literal(format(range.to)));
}

// Made apart and attached, which leaves the table readable and writable but for an instant.
void create_apart(Connection& inside, const Table& table, const Range& range) {
    inside.execute(
        fmt::format("CREATE TABLE {} (LIKE {} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)",
                    partition_relation(table, range), table.relation()));
}

void attach(Connection& inside, const Table& table, const Range& range) {
    inside.execute(fmt::format("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})",
                               table.relation(), partition_relation(table, range),
                               quote_literal(format(range.from)), quote_literal(format(range.to))));
}

std::int64_t move_strays(Connection& inside, const Table& table, const Range& range) {
    return inside
        .execute(fmt::format(
            "WITH moved AS (DELETE FROM {} WHERE {} RETURNING *) INSERT INTO {} SELECT * FROM moved",
            default_partition(table), in_range(table, range), partition_relation(table, range)))
        .affected();
}

void insert_sorted(std::vector<Range>& ranges, const Range& range) {
    ranges.insert(std::ranges::upper_bound(ranges, range.from, {}, &Range::from), range);
}

// The earliest time in the default partition, from `from` on.
std::optional<Time> first_stray(Connection& connection, const Table& table, std::optional<Time> from) {
    const auto row = connection.query(
        fmt::format(
            "SELECT (extract(epoch FROM min({0})) * 1000000)::bigint FROM {1} WHERE {0} >= $1::timestamptz",
            quote_identifier(table.time_column), default_partition(table)),
        {from ? format(*from) : "-infinity"});
    if (row.is_null(0, 0)) return std::nullopt;
    return Time(Span(row.integer(0, 0)));
}

Chunk stray_chunk(Connection& connection, const Table& table, const Range& range) {
    const auto relation = default_partition(table);
    const auto row = connection.execute(
        fmt::format("SELECT count(*), coalesce(sum(pg_column_size(t.*)), 0) FROM {} t WHERE {}", relation,
                    in_range(table, range)));
    return {.relation = relation,
            .range = range,
            .rows = row.integer(0, 0),
            .bytes = row.integer(0, 1),
            .stray = true};
}

constexpr std::string_view create_settings_sql = R"(
-- Tables that are kept in native partitions, and how.
CREATE TABLE IF NOT EXISTS {}.partitioned_tables (
    table_name text PRIMARY KEY,
    chunk_length interval NOT NULL,
    keep interval,
    maintained_at timestamptz
))";

constexpr std::string_view chunks_sql = R"(
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname),
       (extract(epoch FROM bound[1]::timestamptz) * 1000000)::bigint,
       (extract(epoch FROM bound[2]::timestamptz) * 1000000)::bigint,
       greatest(c.reltuples::bigint, pg_stat_get_live_tuples(c.oid), 0), pg_total_relation_size(c.oid)
  FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace,
       regexp_match(pg_get_expr(c.relpartbound, c.oid), $$FROM \('([^']*)'\) TO \('([^']*)'\)$$) AS bound
 WHERE i.inhparent = $1::regclass AND bound IS NOT NULL
 ORDER BY 2)";

}  // namespace

std::string partitioned_tables_sql(const std::string& schema) {
    return fmt::format(create_settings_sql, quote_identifier(schema));
}

std::string Partitions::create_clause(const std::string& time_column) const {
    return fmt::format(" PARTITION BY RANGE ({})", quote_identifier(time_column));
}

void Partitions::adopt(const Table& table, Span chunk_length) {
    auto& connection = means_.connection;
    connection.execute(partitioned_tables_sql(table.schema));
    connection.query(fmt::format("INSERT INTO {} (table_name, chunk_length) VALUES ($1, $2::interval)",
                                 settings_table(table)),
                     {table.name, interval_text(chunk_length)});
    connection.execute(
        fmt::format("CREATE TABLE {} PARTITION OF {} DEFAULT", default_partition(table), table.relation()));
    const auto now = server_now(connection);
    for (const auto& range :
         missing_ranges(now, now + made_ahead(chunk_length), chunk_length, {}, most_made_at_once)) {
        create_apart(connection, table, range);
        attach(connection, table, range);
    }
}

Span Partitions::chunk_length(const Table& table) {
    const auto row = means_.connection.query(
        fmt::format(
            "SELECT (extract(epoch FROM chunk_length) * 1000000)::bigint FROM {} WHERE table_name = $1",
            settings_table(table)),
        {table.name});
    if (row.empty()) {
        throw Error(ExitCode::unexpected,
                    fmt::format("table {} has no entry in {}", table.relation(), settings_table(table)),
                    "Put back the row that was removed, from a backup.");
    }
    return Span(row.integer(0, 0));
}

void Partitions::set_chunk_length(const Table& table, Span length) {
    means_.connection.query(
        fmt::format("UPDATE {} SET chunk_length = $2::interval WHERE table_name = $1", settings_table(table)),
        {table.name, interval_text(length)});
}

std::vector<Chunk> Partitions::chunks(const Table& table) {
    const auto rows = means_.connection.query(std::string(chunks_sql), {table.relation()});
    std::vector<Chunk> result;
    result.reserve(static_cast<std::size_t>(rows.rows()));
    for (int row = 0; row < rows.rows(); ++row) {
        result.push_back({.relation = std::string(rows.text(row, 0)),
                          .range = {time_at(rows, row, 1), time_at(rows, row, 2)},
                          .rows = rows.integer(row, 3),
                          .bytes = rows.integer(row, 4)});
    }
    return result;
}

std::vector<Chunk> Partitions::strays(const Table& table) {
    std::vector<Chunk> result;
    if (means_.connection.execute(fmt::format("SELECT 1 FROM {} LIMIT 1", default_partition(table))).empty())
        return result;
    auto taken = ranges_of(chunks(table));
    const auto length = chunk_length(table);
    for (auto time = first_stray(means_.connection, table, std::nullopt);
         time && result.size() < most_made_at_once;) {
        const auto range = range_for(*time, length, taken);
        insert_sorted(taken, range);
        result.push_back(stray_chunk(means_.connection, table, range));
        time = first_stray(means_.connection, table, range.to);
    }
    return result;
}

void Partitions::drop(const Table& table, const Chunk& chunk) {
    const auto sql =
        chunk.stray ? fmt::format("DELETE FROM {} WHERE {}", chunk.relation, in_range(table, chunk.range))
                    : fmt::format("DROP TABLE IF EXISTS {}", chunk.relation);
    postgres::with_short_locks(means_.connection, means_.stop, {}, means_.blocked,
                               [&](Connection& inside) { inside.execute(sql); });
}

std::optional<Retention> Partitions::retention(const Table& table) {
    const auto row = means_.connection.query(
        fmt::format("SELECT (extract(epoch FROM keep) * 1000000)::bigint, to_char(maintained_at AT TIME ZONE "
                    "'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM {} WHERE table_name = $1",
                    settings_table(table)),
        {table.name});
    if (row.empty() || row.is_null(0, 0)) return std::nullopt;
    Retention result;
    result.keep = Span(row.integer(0, 0));
    result.last_run = row.optional_text(0, 1).value_or("");
    return result;
}

void Partitions::set_retention(const Table& table, std::optional<Span> keep) {
    means_.connection.query(
        fmt::format("UPDATE {} SET keep = $2::interval WHERE table_name = $1", settings_table(table)),
        {table.name, keep ? postgres::Parameter(interval_text(*keep)) : std::nullopt});
}

void Partitions::note_run(const Table& table) {
    means_.connection.query(
        fmt::format("UPDATE {} SET maintained_at = now() WHERE table_name = $1", settings_table(table)),
        {table.name});
}

std::vector<Range> Partitions::missing(const Table& table, Time now) {
    const auto length = chunk_length(table);
    auto result = ranges_of(strays(table));
    auto taken = ranges_of(chunks(table));
    for (const auto& range : result) insert_sorted(taken, range);
    const auto ahead = missing_ranges(now, now + made_ahead(length), length, taken, most_made_at_once);
    for (const auto& range : ahead) insert_sorted(result, range);
    return result;
}

std::int64_t Partitions::make(const Table& table, const Range& range) {
    std::int64_t moved = 0;
    postgres::with_short_locks(means_.connection, means_.stop, {}, means_.blocked, [&](Connection& inside) {
        // No row of this time may come meanwhile.
        inside.execute(fmt::format("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", default_partition(table)));
        create_apart(inside, table, range);
        moved = move_strays(inside, table, range);
        attach(inside, table, range);
    });
    return moved;
}

}  // namespace tti::timeseries
