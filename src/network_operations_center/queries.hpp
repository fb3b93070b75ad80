#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "postgres/connection.hpp"
#include "timeseries/time.hpp"

namespace tti::network_operations_center {

// What a question is about.
enum class Subject { all, gateway, application, end_device };

// From how long a time on coarser aggregates answer: the tiers of the service.
enum class Tiers {
    none,
    activity,    // hourly for three days, daily above
    statistics,  // hourly for seven days, daily above
    channels,    // five minutes for a day, hourly for seven days, daily above
};

// A question of the service tti.lorawan.v3.Noc, as data. Every row of the answer has the columns that `sql`
// names; times are bucket starts.
struct Query {
    std::string_view name;    // "gateway-uptime"
    std::string_view method;  // "QueryGatewayUptime"
    Subject subject = Subject::all;
    Tiers tiers = Tiers::none;
    std::string_view sql;  // with {tier}, {width}, {bits} … and the names of Arguments in braces
};
std::span<const Query> queries();
// None of that name: nullptr.
const Query* find_query(std::string_view name);

struct Arguments {
    std::string tenant;
    std::string gateway;
    std::string application;
    std::string device;
    timeseries::Time from;
    timeseries::Time to;                              // without
    timeseries::Span bucket = std::chrono::hours(1);  // of what is told over time; no finer than the tier
    std::int64_t top = 5;
    std::int64_t limit = 1000;
    std::int64_t page = 1;
    std::optional<int> event_type = {};  // 0 connect, 1 disconnect, 2 statistics
};
// On a connection whose search_path is the schema of the tables.
postgres::Statement statement(const Query& query, const Arguments& arguments);

}  // namespace tti::network_operations_center
