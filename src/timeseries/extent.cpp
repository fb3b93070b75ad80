#include "timeseries/extent.hpp"

#include <algorithm>

#include "timeseries/keeper.hpp"

namespace tti::timeseries {
namespace {

// Enough for a page of a busy end device.
constexpr int first_chunks = 4;
constexpr int growth = 4;

constexpr std::string_view partitions_sql = R"(
SELECT (extract(epoch FROM min(bound[1]::timestamptz)) * 1000000)::bigint,
       (extract(epoch FROM max(bound[2]::timestamptz)) * 1000000)::bigint, count(*)
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid,
       regexp_match(pg_get_expr(c.relpartbound, c.oid), $$FROM \('([^']*)'\) TO \('([^']*)'\)$$) AS bound
 WHERE i.inhparent = format('%I.%I', $1::text, $2::text)::regclass AND bound IS NOT NULL)";

constexpr std::string_view hypertable_sql = R"(
SELECT (extract(epoch FROM min(range_start)) * 1000000)::bigint,
       (extract(epoch FROM max(range_end)) * 1000000)::bigint, count(*)
  FROM timescaledb_information.chunks WHERE hypertable_schema = $1 AND hypertable_name = $2)";

}  // namespace

std::optional<Extent> read_extent(postgres::Connection& connection, const Table& table) {
    const auto way = kept_as(connection, table);
    if (!way) return std::nullopt;
    const auto row = connection.query(std::string(*way == Way::partitions ? partitions_sql : hypertable_sql),
                                      {table.schema, table.name});
    const auto chunks = row.integer(0, 2);
    if (chunks == 0) return std::nullopt;
    const Range range{Time(Span(row.integer(0, 0))), Time(Span(row.integer(0, 1)))};
    return Extent{range, (range.to - range.from) / chunks};
}

Windows::Windows(const std::optional<Extent>& extent, std::optional<Time> start, bool newest_first)
    : extent_(extent), newest_first_(newest_first) {
    if (!extent_) return;
    const auto [from, to] = extent_->range;
    position_ = std::clamp(start.value_or(newest_first ? to : from), from, to);
    length_ = first_chunks * extent_->chunk;
}

std::optional<Windows::Window> Windows::next() {
    if (done_) return std::nullopt;
    Window window;
    auto& [from, to] = window;
    auto& near = newest_first_ ? to : from;
    auto& far = newest_first_ ? from : to;
    if (!first_) near = position_;
    first_ = false;
    if (extent_) position_ = newest_first_ ? position_ - length_ : position_ + length_;
    done_ = !extent_ || position_ <= extent_->range.from || position_ >= extent_->range.to;
    if (!done_) far = position_;
    length_ *= growth;
    return window;
}

}  // namespace tti::timeseries
