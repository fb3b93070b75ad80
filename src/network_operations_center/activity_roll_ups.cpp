#include <algorithm>

#include <fmt/format.h>

#include "network_operations_center/layout.hpp"

namespace tti::network_operations_center {
namespace {

using std::chrono::days;
using std::chrono::hours;
using timeseries::RollUp;

struct Kind {
    std::string plural;
    std::string singular;
    std::string source;
    std::vector<std::string> groups;
};

// How many of them there were at all, by tenant.
RollUp count_of(std::string name, const RollUp& source, timeseries::Span bucket, std::string count) {
    auto result = built_on(std::move(name), source, bucket, {{"active", std::move(count)}});
    result.groups = {"tenant_id"};
    result.indexes = {"tenant_id, bucket"};
    return result;
}

// A device is known by its ID and that of its application.
std::string distinct(const Kind& kind) {
    return kind.groups.size() == 2 ? "count(DISTINCT " + kind.groups[1] + ")"
                                   : "count(DISTINCT (" + kind.groups[1] + ", " + kind.groups[2] + "))";
}

void add(std::vector<RollUp>& all, const Kind& kind) {
    const auto hour =
        hourly("active_" + kind.plural + "_1h", kind.source, kind.groups, {{"events", "count(*)"}});
    const auto day = built_on("active_" + kind.plural + "_1d", hour, days(1), {sum_of("events")});
    const auto count = "active_" + kind.singular + "_count_";
    all.push_back(hour);
    all.push_back(day);
    all.push_back(count_of(count + "1h", hour, hours(1), "count(*)"));
    all.push_back(count_of(count + "1d", day, days(1), "count(*)"));
    all.push_back(count_of(count + "1w", day, days(7), distinct(kind)));
}

// In which of the finer buckets an end device was active, a bit for each, the first the lowest: a row tells
// what else takes up to 24, and any time can be counted from it. Bits are counted without a time zone.
RollUp bits_of(std::string name, const RollUp& source, timeseries::Span bucket, const std::string& measure,
               const std::string& number) {
    auto result = built_on(
        std::move(name), source, bucket,
        {{measure, fmt::format("bit_or(1 << extract({} FROM bucket - date_bin('{}'::interval, bucket, "
                               "'{}'::timestamptz))::integer)",
                               number, timeseries::interval_text(bucket),
                               timeseries::format(timeseries::bucket_origin))}});
    // Databases that are older than it have all its sources: it is made of everything that is kept.
    result.least_look_back = least_aggregate_retention;
    return result;
}

}  // namespace

std::vector<RollUp> activity_roll_ups() {
    std::vector<RollUp> all;
    for (const Kind& kind :
         {Kind{"gateways", "gateway", "gateway_connection_statistics", {"tenant_id", "gateway_id"}},
          Kind{"end_devices",
               "end_device",
               "end_device_data_uplink",
               {"tenant_id", "application_id", "device_id"}},
          Kind{"applications", "application", "end_device_data_uplink", {"tenant_id", "application_id"}}}) {
        add(all, kind);
    }
    const auto named = [&all](std::string_view name) { return *std::ranges::find(all, name, &RollUp::name); };
    const auto hourly = named("active_end_devices_1h");
    const auto daily = named("active_end_devices_1d");
    all.push_back(bits_of("active_end_device_hours_1d", hourly, days(1), "hours", "hour"));
    all.push_back(bits_of("active_end_device_days_1w", daily, days(7), "days", "day"));
    return all;
}

}  // namespace tti::network_operations_center
