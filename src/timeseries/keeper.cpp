#include "timeseries/keeper.hpp"

#include <fmt/format.h>

#include "timeseries/partitions.hpp"
#include "timeseries/timescale.hpp"

namespace tti::timeseries {

std::unique_ptr<Keeper> make_keeper(Way way, Means means) {
    if (way == Way::timescaledb) return std::make_unique<Timescale>(std::move(means));
    return std::make_unique<Partitions>(std::move(means));
}

std::string sql_in_chunks(std::string sql, const Keeper& keeper) {
    constexpr std::string_view chunk_mark = "/* in chunks of received_at */";
    const auto clause = keeper.create_clause("received_at");
    for (auto mark = sql.find(chunk_mark); mark != std::string::npos; mark = sql.find(chunk_mark, mark))
        sql.replace(mark, chunk_mark.size(), clause);
    return sql;
}

bool exists(postgres::Connection& connection, const Table& table) {
    return !connection.query("SELECT to_regclass($1)", {table.relation()}).is_null(0, 0);
}

std::optional<Way> kept_as(postgres::Connection& connection, const Table& table) {
    const auto kind =
        connection.query("SELECT relkind FROM pg_class WHERE oid = to_regclass($1)", {table.relation()});
    if (kind.empty()) return std::nullopt;
    if (kind.text(0, 0) == "p") return Way::partitions;
    if (connection.execute("SELECT to_regclass('timescaledb_information.hypertables')").is_null(0, 0))
        return std::nullopt;
    const auto found = connection.query(
        "SELECT 1 FROM timescaledb_information.hypertables WHERE hypertable_schema = $1 AND "
        "hypertable_name = $2",
        {table.schema, table.name});
    return found.empty() ? std::nullopt : std::optional(Way::timescaledb);
}

bool has_timescaledb(postgres::Connection& connection, const postgres::Capabilities& capabilities) {
    if (!capabilities.has_extension("timescaledb")) return false;
    return connection.execute("SELECT 1 WHERE current_setting('timescaledb.license', true) = 'apache'")
        .empty();
}

Way preferred_way(postgres::Connection& connection, const postgres::Capabilities& capabilities) {
    return has_timescaledb(connection, capabilities) ? Way::timescaledb : Way::partitions;
}

Time server_now(postgres::Connection& connection) {
    return Time(
        Span(connection.execute("SELECT (extract(epoch FROM now()) * 1000000)::bigint").integer(0, 0)));
}

std::int64_t count_rows(postgres::Connection& connection, const Chunk& chunk) {
    if (chunk.stray) return chunk.rows;
    return connection.execute(fmt::format("SELECT count(*) FROM {}", chunk.relation)).integer(0, 0);
}

}  // namespace tti::timeseries
