#include "timeseries/rollup_sources.hpp"

#include <fmt/format.h>

namespace tti::timeseries {
namespace {

constexpr std::string_view create_sources_sql = R"(
-- Since when the rows of what aggregates are made of are all there.
CREATE TABLE IF NOT EXISTS {} (
    source text PRIMARY KEY,
    complete_from timestamptz NOT NULL DEFAULT '-infinity',
    refreshed_at timestamptz
))";

std::string relation(const std::string& schema) {
    return postgres::quote_identifier(schema) + ".roll_up_sources";
}

}  // namespace

std::string roll_up_sources_sql(const std::string& schema) {
    return fmt::format(create_sources_sql, relation(schema));
}

bool remember_source(postgres::Connection& connection, const std::string& schema, const std::string& source) {
    connection.execute(roll_up_sources_sql(schema));
    return connection
               .query(fmt::format("INSERT INTO {} (source) VALUES ($1) ON CONFLICT (source) DO NOTHING",
                                  relation(schema)),
                      {source})
               .affected() > 0;
}

void note_gone(postgres::Connection& connection, const std::string& schema, const std::string& source,
               Time before) {
    connection.query(
        fmt::format(
            "UPDATE {} SET complete_from = greatest(complete_from, $2::timestamptz) WHERE source = $1",
            relation(schema)),
        {source, format(before)});
}

std::optional<Time> complete_from(postgres::Connection& connection, const std::string& schema,
                                  const std::string& source) {
    if (connection.query("SELECT to_regclass($1)", {relation(schema)}).is_null(0, 0)) return std::nullopt;
    const auto row = connection.query(
        fmt::format("SELECT (extract(epoch FROM complete_from) * 1000000)::bigint FROM {} WHERE source = $1 "
                    "AND isfinite(complete_from)",
                    relation(schema)),
        {source});
    if (row.empty()) return std::nullopt;
    return Time(Span(row.integer(0, 0)));
}

}  // namespace tti::timeseries
