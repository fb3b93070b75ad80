#include "network_operations_center/query_page.hpp"

#include <limits>

#include <fmt/format.h>

namespace tti::network_operations_center {
namespace {

Arguments all_pages(Arguments arguments) {
    arguments.limit = std::numeric_limits<std::int64_t>::max();
    arguments.page = 1;
    return arguments;
}

}  // namespace

Paged paged(const Query& query) {
    if (query.sql.find("{limit}") != std::string_view::npos) return Paged::rows;
    return query.sql.find("AS time") != std::string_view::npos ? Paged::buckets : Paged::not_at_all;
}

// Answers over time are ordered by their first two columns.
postgres::Statement page_statement(const Query& query, const Arguments& arguments) {
    auto result = statement(query, arguments);
    if (paged(query) != Paged::buckets) return result;
    const auto parameters = result.parameters.size();
    result.sql = fmt::format(
        "WITH answer AS MATERIALIZED ({}) SELECT * FROM answer WHERE time IN (SELECT DISTINCT time FROM "
        "answer ORDER BY time LIMIT ${}::bigint OFFSET ${}::bigint) ORDER BY 1, 2",
        result.sql, parameters + 1, parameters + 2);
    result.parameters.emplace_back(std::to_string(arguments.limit));
    result.parameters.emplace_back(std::to_string((arguments.page - 1) * arguments.limit));
    return result;
}

postgres::Statement total_statement(const Query& query, const Arguments& arguments) {
    auto result = statement(query, all_pages(arguments));
    const auto* const what = paged(query) == Paged::buckets ? "DISTINCT time" : "*";
    result.sql = fmt::format("SELECT count({}) FROM ({}) answer", what, result.sql);
    return result;
}

}  // namespace tti::network_operations_center
