#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "network_operations_center/queries.hpp"
#include "timeseries/rollup.hpp"

namespace tti::network_operations_center {
namespace {

using std::chrono::days;
using std::chrono::hours;
using timeseries::Span;

struct Tier {
    std::string_view name;
    Span width{0};
    // The bits of the buckets of a tier are in buckets of the next.
    std::string_view bits = {};
    std::string_view bits_table = {};
    Span bits_width{0};
};

Tier tier_of(Tiers tiers, Span window) {
    constexpr Tier hourly{"1h", hours(1), "hours", "active_end_device_hours_1d", days(1)};
    constexpr Tier daily{"1d", days(1), "days", "active_end_device_days_1w", days(7)};
    switch (tiers) {
        case Tiers::none:
            return hourly;
        case Tiers::activity:
            return window <= Span(days(3)) ? hourly : daily;
        case Tiers::statistics:
            return window <= Span(days(7)) ? hourly : daily;
        case Tiers::channels:
            if (window <= Span(days(1))) return {"5m", std::chrono::minutes(5)};
            return window <= Span(days(7)) ? hourly : daily;
    }
    throw std::logic_error("a tier without a table");
}

// Where the bits of a time begin and end: its first and last bucket, and the bits in these that are within.
struct Bits {
    timeseries::Time first;
    timeseries::Time last;
    int first_mask = 0;
    int last_mask = 0;
};

Bits bits_of(const Arguments& arguments, const Tier& tier) {
    const auto begin = timeseries::bucket_start(arguments.from, tier.width);
    const auto end = timeseries::bucket_start(arguments.to - Span(1), tier.width);
    const auto first = timeseries::bucket_start(begin, tier.bits_width);
    const auto last = timeseries::bucket_start(end, tier.bits_width);
    return {first, last, -1 << (begin - first) / tier.width, (2 << (end - last) / tier.width) - 1};
}

// The value and type of a name in braces.
std::string value_of(std::string_view name, const Arguments& arguments, const Tier& tier) {
    if (name == "tenant") return arguments.tenant;
    if (name == "gateway") return arguments.gateway;
    if (name == "application") return arguments.application;
    if (name == "device") return arguments.device;
    if (name == "from") return timeseries::format(arguments.from);
    if (name == "to") return timeseries::format(arguments.to);
    if (name == "width") return timeseries::interval_text(tier.width);
    if (name == "bucket") return timeseries::interval_text(std::max(arguments.bucket, tier.width));
    if (name == "top") return std::to_string(arguments.top);
    if (name == "limit") return std::to_string(arguments.limit);
    if (name == "offset")
        return std::to_string((std::max<std::int64_t>(arguments.page, 1) - 1) * arguments.limit);
    // A literal: the server computes no time before it chooses chunks.
    if (name == "last_hour")
        return timeseries::format(timeseries::bucket_start(arguments.to - Span(1), hours(1)));
    if (name == "first") return timeseries::format(bits_of(arguments, tier).first);
    if (name == "last") return timeseries::format(bits_of(arguments, tier).last);
    if (name == "first_mask") return std::to_string(bits_of(arguments, tier).first_mask);
    if (name == "last_mask") return std::to_string(bits_of(arguments, tier).last_mask);
    if (name == "type") return arguments.event_type ? std::to_string(*arguments.event_type) : "-1";
    throw std::logic_error("a query asks for " + std::string(name));
}

std::string_view type_of(std::string_view name) {
    if (name == "from" || name == "to" || name == "first" || name == "last" || name == "last_hour")
        return "timestamptz";
    if (name == "width" || name == "bucket") return "interval";
    if (name == "top" || name == "limit" || name == "offset") return "bigint";
    return name == "type" || name.ends_with("_mask") ? "integer" : "text";
}

}  // namespace

const Query* find_query(std::string_view name) {
    const auto found = std::ranges::find(queries(), name, &Query::name);
    return found == queries().end() ? nullptr : &*found;
}

postgres::Statement statement(const Query& query, const Arguments& arguments) {
    const auto tier = tier_of(query.tiers, arguments.to - arguments.from);
    postgres::Statement result;
    for (auto rest = query.sql; !rest.empty();) {
        const auto open = std::min(rest.find('{'), rest.size());
        result.sql += rest.substr(0, open);
        if (open == rest.size()) break;
        const auto close = rest.find('}', open);
        const auto name = rest.substr(open + 1, close - open - 1);
        rest.remove_prefix(close + 1);
        if (name == "tier") {
            result.sql += tier.name;
        } else if (name == "bits") {
            result.sql += tier.bits;
        } else if (name == "bits_table") {
            result.sql += tier.bits_table;
        } else if (name == "origin") {
            result.sql += fmt::format("'{}'::timestamptz", timeseries::format(timeseries::bucket_origin));
        } else {
            result.parameters.emplace_back(value_of(name, arguments, tier));
            result.sql += fmt::format("${}::{}", result.parameters.size(), type_of(name));
        }
    }
    return result;
}

}  // namespace tti::network_operations_center
