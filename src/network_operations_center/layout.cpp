#include "network_operations_center/layout.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tti::network_operations_center {

using timeseries::Measure;
using timeseries::RollUp;

namespace {

constexpr std::array<std::string_view, 7> raw_names{
    "gateway_connection_event",   "gateway_connection_statistics", "gateway_uplink",
    "gateway_end_device_uplink",  "end_device_data_uplink",        "application_event_forward",
    "application_webhook_failure"};

// Tenant, gateway or application and device, time, and then what is added up: one entity's rows stand
// together.
std::string index_of(const std::vector<std::string>& groups) {
    std::vector<std::string> entity;
    std::vector<std::string> others;
    for (const auto& group : groups)
        (group.ends_with("_id") && group != "net_id" ? entity : others).push_back(group);
    entity.emplace_back("bucket");
    std::ranges::copy(others, std::back_inserter(entity));
    return fmt::format("{}", fmt::join(entity, ", "));
}

}  // namespace

std::vector<timeseries::Table> raw_tables(const std::string& schema) {
    std::vector<timeseries::Table> result;
    result.reserve(raw_names.size());
    for (const auto name : raw_names) result.push_back({schema, std::string(name), "received_at"});
    return result;
}

RollUp hourly(std::string name, std::string source, std::vector<std::string> groups,
              std::vector<Measure> measures) {
    auto index = index_of(groups);
    return {.name = std::move(name),
            .source = std::move(source),
            .source_time = "received_at",
            .bucket = std::chrono::hours(1),
            .groups = std::move(groups),
            .measures = std::move(measures),
            .indexes = {std::move(index)}};
}

RollUp built_on(std::string name, const RollUp& source, timeseries::Span bucket,
                std::vector<Measure> measures) {
    return {.name = std::move(name),
            .source = source.name,
            .source_time = "bucket",
            .bucket = bucket,
            .groups = source.groups,
            .measures = std::move(measures),
            .indexes = source.indexes};
}

Measure sum_of(const std::string& column) {
    return {column, fmt::format("sum({})::bigint", column)};
}

Measure max_of(const std::string& column) {
    return {column, fmt::format("max({})", column)};
}

Measure min_of(const std::string& column) {
    return {column, fmt::format("min({})", column)};
}

timeseries::RollUps roll_ups(const std::string& schema) {
    timeseries::RollUps result{schema, {}};
    for (auto part :
         {gateway_roll_ups(), end_device_roll_ups(), application_roll_ups(), activity_roll_ups()}) {
        std::ranges::move(part, std::back_inserter(result.all));
    }
    return result;
}

}  // namespace tti::network_operations_center
