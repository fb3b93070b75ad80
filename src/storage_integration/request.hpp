#pragma once

#include <optional>
#include <vector>

#include "settings/option.hpp"
#include "settings/values.hpp"
#include "timeseries/keeper.hpp"

namespace tti::storage_integration {

// What init and migrate are asked for besides the migrations. Empty: not asked, so nothing of it changes.
struct Request {
    std::optional<timeseries::Way> way;
    std::optional<timeseries::Span> chunk_length;
    std::optional<bool> retention;                   // --timescaledb.enable-retention-policy
    timeseries::Span keep = std::chrono::days(30);   // with retention
    std::optional<timeseries::Span> compress_after;  // zero: never
    bool days_without_retention = false;  // --timescaledb.retention-days alone, which has no effect
    bool fresh = false;                   // only on no tables, or on tables that are not behind
};

inline constexpr timeseries::Span default_chunk_length = std::chrono::hours(168);

// The three flags of the page, --timescaledb.compress-after-days, and --timeseries.
std::vector<settings::Option> keeping_options();
// Throws UsageError naming the flag.
Request request(const settings::Values& values);

// "12h", "1h30m", or bare hours: "168". Of a minute at least and ten years at most.
Expected<timeseries::Span> parse_chunk_length(std::string_view text);
// Of a day at least and a hundred years at most.
Expected<timeseries::Span> parse_days(std::int64_t days);

}  // namespace tti::storage_integration
