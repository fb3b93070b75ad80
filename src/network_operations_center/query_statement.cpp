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
};

Tier tier_of(Tiers tiers, Span window) {
    constexpr Tier hourly{"1h", hours(1)};
    constexpr Tier daily{"1d", days(1)};
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
    if (name == "type") return arguments.event_type ? std::to_string(*arguments.event_type) : "-1";
    throw std::logic_error("a query asks for " + std::string(name));
}

std::string_view type_of(std::string_view name) {
    if (name == "from" || name == "to") return "timestamptz";
    if (name == "width" || name == "bucket") return "interval";
    if (name == "top" || name == "limit" || name == "offset") return "bigint";
    return name == "type" ? "integer" : "text";
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
