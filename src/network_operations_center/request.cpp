#include <fmt/format.h>

#include "network_operations_center/layout.hpp"
#include "network_operations_center/migrate.hpp"
#include "util/error.hpp"

namespace tti::network_operations_center {
namespace {

using timeseries::Span;

constexpr auto raw_setting = "noc.store.raw-data-retention";
constexpr auto aggregate_option = "aggregate-retention";
constexpr Span longest = std::chrono::days(36500);

// Whole minutes, so that what is shown is what is set.
Span retention(const settings::Values& values, const std::string& name, const std::string& shown,
               Span least) {
    const auto given = std::chrono::duration_cast<Span>(values.duration(name));
    if (given >= least && given <= longest && given % std::chrono::minutes(1) == Span::zero()) return given;
    throw UsageError(fmt::format("option {} = {}: accepted: whole minutes, {}h at least", shown,
                                 timeseries::format(given), least / Span(std::chrono::hours(1))),
                     "Aggregates are made of events that are three days old, too.");
}

}  // namespace

Request request(const settings::Values& values) {
    Request result;
    if (values.given("timeseries")) result.way = *timeseries::parse_way(values.text("timeseries"));
    result.raw_retention = retention(values, raw_setting, raw_setting, least_raw_retention);
    if (values.given(aggregate_option)) {
        result.aggregate_retention = retention(values, aggregate_option, std::string("--") + aggregate_option,
                                               least_aggregate_retention);
    }
    return result;
}

std::vector<settings::Option> migrate_options() {
    return {
        {.name = aggregate_option,
         .type = settings::Type::duration,
         .description = "for how long aggregates are kept, 720h at least; 720h for new ones when left out",
         .value_name = "DURATION"},
        {.name = "timeseries",
         .description = "keep the tables so; found out when left out",
         .value_name = "WAY",
         .choices = {"timescaledb", "partitions"}}};
}

}  // namespace tti::network_operations_center
