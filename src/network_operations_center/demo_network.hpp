#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "timeseries/time.hpp"

namespace tti::network_operations_center {

// The tenant that holds generated data.
inline constexpr std::string_view demo_tenant = "demo";

// A made-up network. The same one has the same events.
struct DemoNetwork {
    std::uint64_t seed = 1;
    int gateways = 5;
    int applications = 2;
    int devices = 40;  // of all applications together
    timeseries::Time from;
    timeseries::Time to;                                   // without
    timeseries::Span interval = std::chrono::minutes(15);  // between the uplinks of a device
};

// What tables its events go to.
enum class DemoTable {
    connection_event,
    connection_statistics,
    gateway_uplink,
    gateway_end_device_uplink,
    end_device_uplink,
    event_forward,
    webhook_failure
};
inline constexpr std::size_t demo_tables = 7;
std::string_view table_of(DemoTable table);

// Its events: devices with spreading factors and sessions, heard by some gateways or by none, gateways that
// are away at times, uplinks of other networks, webhooks that fail.
class DemoEvents {
  public:
    explicit DemoEvents(const DemoNetwork& network);

    // Rows in COPY's text format with their line breaks, by table; the columns are those of the tables.
    using Rows = std::array<std::string, demo_tables>;
    // Appends the events of the next piece of time, some ten thousand rows. False at the end.
    bool next(Rows& rows);
    // Uplinks if none were lost.
    [[nodiscard]] std::int64_t expected() const;
    [[nodiscard]] std::int64_t done() const { return round_ * network_.devices + device_; }

  private:
    [[nodiscard]] std::uint64_t chance(int kind, int number, std::int64_t purpose) const;
    [[nodiscard]] bool away(int gateway, timeseries::Time time) const;
    void uplink(int device, std::int64_t round, Rows& rows);
    void gateway_row(int gateway, timeseries::Time time, Rows& rows);
    void connection_rows(int gateway, timeseries::Time time, Rows& rows);
    void forward(int device, std::int64_t round, const std::string& time, Rows& rows);
    void statistics_until(timeseries::Time time, Rows& rows);

    DemoNetwork network_;
    std::vector<int> order_;  // devices by the time within the interval
    std::vector<timeseries::Span> offsets_;
    std::vector<std::int64_t> lost_;  // frames since the last that was heard, by device
    std::int64_t rounds_ = 0;
    std::int64_t round_ = 0;
    int device_ = 0;
    timeseries::Time told_until_;  // up to which gateways have told their statistics
};

}  // namespace tti::network_operations_center
