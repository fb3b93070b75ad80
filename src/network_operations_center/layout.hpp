#pragma once

#include <string>
#include <vector>

#include "timeseries/rollup.hpp"

namespace tti::network_operations_center {

// Raw rows come in chunks that are short beside the three days for which they are kept at least; aggregates
// are kept for a month at least.
inline constexpr timeseries::Span raw_chunk_length = std::chrono::hours(12);
inline constexpr timeseries::Span aggregate_chunk_length = std::chrono::days(7);
inline constexpr timeseries::Span least_raw_retention = std::chrono::hours(72);
inline constexpr timeseries::Span least_aggregate_retention = std::chrono::days(30);

// What events of the stack are stored in; their SQL is in migrations/network_operations_center.
std::vector<timeseries::Table> raw_tables(const std::string& schema);

// The aggregates that queries read. Those on raw tables have buckets of an hour at most, so that every bucket
// can be made anew for as long as raw rows are kept; all others are built on those.
timeseries::RollUps roll_ups(const std::string& schema);

// Parts of it.
std::vector<timeseries::RollUp> gateway_roll_ups();
std::vector<timeseries::RollUp> end_device_roll_ups();
std::vector<timeseries::RollUp> application_roll_ups();
std::vector<timeseries::RollUp> activity_roll_ups();

// A roll-up of raw rows in buckets of an hour, and one of the same columns built on another.
timeseries::RollUp hourly(std::string name, std::string source, std::vector<std::string> groups,
                          std::vector<timeseries::Measure> measures);
timeseries::RollUp built_on(std::string name, const timeseries::RollUp& source, timeseries::Span bucket,
                            std::vector<timeseries::Measure> measures);
// Measures of a roll-up of a roll-up: "sum(packet_count)::bigint AS packet_count".
timeseries::Measure sum_of(const std::string& column);
timeseries::Measure max_of(const std::string& column);
timeseries::Measure min_of(const std::string& column);
// The power of the LoRa signal within the noise, in dBm: https://lora-developers.semtech.com, "RSSI and SNR".
inline constexpr auto lora_signal = "CASE WHEN snr < 0 THEN rssi + snr WHEN snr >= 0 THEN rssi END";

}  // namespace tti::network_operations_center
