#include "storage_integration/pages.hpp"

#include <fmt/format.h>

namespace tti::storage_integration {
namespace {

using postgres::quote_literal;

std::string equals(std::string_view column, std::string_view value) {
    return fmt::format(" AND {} = {}", column, quote_literal(value));
}

// The time alone first: partitions are left out by it.
std::string beyond(const Position& position, bool newest_first) {
    const auto sign = newest_first ? '<' : '>';
    const auto time = quote_literal(timeseries::format(position.received_at));
    return fmt::format(" AND received_at {0}= {1} AND (received_at, id) {0} ({1}, {2})", sign, time,
                       position.id);
}

}  // namespace

std::string condition(const Filter& filter) {
    auto sql = fmt::format("tenant_id = {}", quote_literal(filter.tenant_id)) +
               equals("application_id", filter.application_id);
    if (!filter.device_id.empty()) sql += equals("device_id", filter.device_id);
    if (!filter.type.empty()) sql += equals("type", filter.type);
    if (filter.f_port) sql += fmt::format(" AND f_port = {}", *filter.f_port);
    if (filter.after)
        sql += fmt::format(" AND received_at >= {}", quote_literal(timeseries::format(*filter.after)));
    if (filter.before)
        sql += fmt::format(" AND received_at < {}", quote_literal(timeseries::format(*filter.before)));
    return sql;
}

std::string order(const Filter& filter) {
    return filter.newest_first ? "received_at DESC, id DESC" : "received_at, id";
}

std::vector<StoredMessage> page(postgres::Connection& connection, const timeseries::Table& messages,
                                const Filter& filter, const std::optional<Position>& last, int limit) {
    const auto rows = connection.execute(
        fmt::format("SELECT (extract(epoch FROM received_at) * 1000000)::bigint, id, message FROM {} WHERE "
                    "{}{} ORDER BY {} LIMIT {}",
                    messages.relation(), condition(filter), last ? beyond(*last, filter.newest_first) : "",
                    order(filter), limit));
    std::vector<StoredMessage> result;
    result.reserve(static_cast<std::size_t>(rows.rows()));
    for (int row = 0; row < rows.rows(); ++row) {
        result.push_back({{timeseries::Time(timeseries::Span(rows.integer(row, 0))), rows.integer(row, 1)},
                          std::string(rows.text(row, 2))});
    }
    return result;
}

std::vector<DeviceCount> count(postgres::Connection& connection, const timeseries::Table& messages,
                               const Filter& filter) {
    const auto rows =
        connection.execute(fmt::format("SELECT device_id, count(*) FROM {} WHERE {} GROUP BY device_id ORDER "
                                       "BY device_id",
                                       messages.relation(), condition(filter)));
    std::vector<DeviceCount> result;
    for (int row = 0; row < rows.rows(); ++row)
        result.push_back({std::string(rows.text(row, 0)), rows.integer(row, 1)});
    return result;
}

}  // namespace tti::storage_integration
