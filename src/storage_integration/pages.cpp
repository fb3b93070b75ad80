#include "storage_integration/pages.hpp"

#include <utility>

#include <fmt/format.h>

namespace tti::storage_integration {
namespace {

using postgres::quote_literal;

std::string equals(std::string_view column, std::string_view value) {
    return fmt::format(" AND {} = {}", column, quote_literal(value));
}

std::string between(const std::optional<timeseries::Time>& from, const std::optional<timeseries::Time>& to) {
    std::string sql;
    if (from) sql += fmt::format(" AND received_at >= {}", quote_literal(timeseries::format(*from)));
    if (to) sql += fmt::format(" AND received_at < {}", quote_literal(timeseries::format(*to)));
    return sql;
}

void append(std::vector<StoredMessage>& messages, const postgres::Result& rows) {
    for (int row = 0; row < rows.rows(); ++row) {
        messages.push_back({{timeseries::Time(timeseries::Span(rows.integer(row, 0))), rows.integer(row, 1)},
                            std::string(rows.text(row, 2))});
    }
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
    return sql + between(filter.after, filter.before);
}

std::string order(const Filter& filter) {
    return filter.newest_first ? "received_at DESC, id DESC" : "received_at, id";
}

PageReader::PageReader(postgres::Connection& connection, timeseries::Table messages)
    : connection_(connection),
      messages_(std::move(messages)),
      extent_(timeseries::read_extent(connection, messages_)) {}

std::vector<StoredMessage> PageReader::page(const Filter& filter, const std::optional<Position>& last,
                                            int limit) {
    const auto start =
        last ? std::optional(last->received_at) : (filter.newest_first ? filter.before : filter.after);
    timeseries::Windows windows(extent_, start, filter.newest_first);
    std::vector<StoredMessage> result;
    // What is in the other windows is beyond it anyway; the server need not plan for it there.
    auto more = last ? beyond(*last, filter.newest_first) : "";
    for (auto window = windows.next(); window; window = windows.next()) {
        const auto rows = connection_.execute(
            fmt::format("SELECT (extract(epoch FROM received_at) * 1000000)::bigint, id, message FROM {} "
                        "WHERE {}{}{} ORDER BY {} LIMIT {}",
                        messages_.relation(), condition(filter), std::exchange(more, ""),
                        between(window->from, window->to), order(filter),
                        static_cast<std::size_t>(limit) - result.size()));
        append(result, rows);
        if (result.size() >= static_cast<std::size_t>(limit)) break;
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
    result.reserve(static_cast<std::size_t>(rows.rows()));
    for (int row = 0; row < rows.rows(); ++row)
        result.push_back({std::string(rows.text(row, 0)), rows.integer(row, 1)});
    return result;
}

}  // namespace tti::storage_integration
