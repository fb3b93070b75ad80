#include "network_operations_center/demo_network.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "database/demo_data.hpp"

namespace tti::network_operations_center {
namespace {

using database::append;
using database::mix;
using database::pick;
using std::chrono::days;
using std::chrono::minutes;
using timeseries::Span;
using timeseries::Time;

constexpr std::array<int, 6> airtimes{51456, 92672, 185344, 329728, 659456, 1318912};  // us, SF7 to SF12
constexpr std::array<std::string_view, 5> foreign{"8", "15", "18", "24", "\\N"};       // NetIDs, decimal
constexpr std::array<int, 5> failures{500, 502, 503, 404, 0};
constexpr Span statistics_interval = minutes(15);
constexpr int lost_in_hundred = 3;
constexpr std::size_t enough_bytes = 8 << 20;
constexpr int of_gateway = 1;
constexpr int of_device = 2;

std::string& of(DemoEvents::Rows& rows, DemoTable table) {
    return rows.at(static_cast<std::size_t>(table));
}

}  // namespace

std::string_view table_of(DemoTable table) {
    constexpr std::array<std::string_view, demo_tables> names{
        "gateway_connection_event",   "gateway_connection_statistics", "gateway_uplink",
        "gateway_end_device_uplink",  "end_device_data_uplink",        "application_event_forward",
        "application_webhook_failure"};
    return names.at(static_cast<std::size_t>(table));
}

DemoEvents::DemoEvents(const DemoNetwork& network)
    : network_(network),
      order_(static_cast<std::size_t>(network.devices)),
      lost_(order_.size()),
      rounds_((network.to - network.from) / network.interval),
      told_until_(network.from) {
    std::iota(order_.begin(), order_.end(), 0);
    offsets_.reserve(order_.size());
    for (const int device : order_) {
        offsets_.emplace_back(chance(of_device, device, -1) %
                              static_cast<std::uint64_t>(network.interval.count()));
    }
    std::ranges::sort(order_, {}, [this](int device) { return offsets_[static_cast<std::size_t>(device)]; });
}

std::int64_t DemoEvents::expected() const {
    return rounds_ * network_.devices;
}

// A number that depends on nothing but network, gateway or device, and purpose.
std::uint64_t DemoEvents::chance(int kind, int number, std::int64_t purpose) const {
    const auto who = static_cast<std::uint64_t>(kind) << 32U | static_cast<std::uint64_t>(number);
    return mix(mix(network_.seed ^ mix(who)) + static_cast<std::uint64_t>(purpose));
}

// On one day in five, for ten minutes to two hours.
bool DemoEvents::away(int gateway, Time time) const {
    const auto day = std::chrono::floor<days>(time);
    const auto luck = chance(of_gateway, gateway, day.time_since_epoch().count());
    if (pick(luck, 5) != 0) return false;
    const auto from = day + minutes(pick(luck >> 8U, 1200));
    return time >= from && time < from + minutes(10 + pick(luck >> 24U, 110));
}

void DemoEvents::gateway_row(int gateway, Time time, Rows& rows) {
    const auto luck = chance(of_gateway, gateway, time.time_since_epoch().count());
    if (away(gateway, time)) return;
    const int uplinks = 20 + pick(luck, 40);
    append(of(rows, DemoTable::connection_statistics), "{}\t{}\tdemo-gateway-{:05}\t{}\t{}\t{}\t{}\t{}\t{}\n",
           timeseries::format(time), demo_tenant, gateway, statistics_interval.count(), uplinks, uplinks / 9,
           9000 + pick(luck >> 8U, 4000), 40000 + pick(luck >> 16U, 90000), 14000 + pick(luck >> 24U, 9000));
}

void DemoEvents::connection_rows(int gateway, Time time, Rows& rows) {
    const bool before = away(gateway, time - statistics_interval);
    if (before == away(gateway, time)) return;
    append(of(rows, DemoTable::connection_event), "{}\t{}\tdemo-gateway-{:05}\t{}\n",
           timeseries::format(time), demo_tenant, gateway, before ? 0 : 1);
}

void DemoEvents::statistics_until(Time time, Rows& rows) {
    for (; told_until_ + statistics_interval <= time; told_until_ += statistics_interval) {
        for (int gateway = 0; gateway < network_.gateways; ++gateway) {
            connection_rows(gateway, told_until_, rows);
            gateway_row(gateway, told_until_ + Span(gateway), rows);
        }
    }
}

void DemoEvents::forward(int device, std::int64_t round, const std::string& time, Rows& rows) {
    const int application = device % network_.applications;
    const auto luck = mix(chance(of_device, device, round) + 7);
    const auto event = round == 0 ? "as.up.join.forward" : "as.up.data.forward";
    append(of(rows, DemoTable::event_forward), "{}\t{}\tdemo-{:04}\t{}\n", time, demo_tenant, application,
           event);
    if (pick(luck, 200) > application % 7) return;
    append(of(rows, DemoTable::webhook_failure), "{}\t{}\tdemo-{:04}\twebhook-{}\t{}\n", time, demo_tenant,
           application, 1 + application % 3, failures.at(static_cast<std::size_t>(pick(luck >> 8U, 5))));
}

void DemoEvents::uplink(int device, std::int64_t round, Rows& rows) {
    const auto index = static_cast<std::size_t>(device);
    const Time time = network_.from + round * network_.interval + offsets_[index];
    const auto luck = chance(of_device, device, round);
    const int home = pick(chance(of_device, device, -2), network_.gateways);
    const int near = 1 + pick(luck >> 8U, std::min(3, network_.gateways));
    const int factor = pick(chance(of_device, device, -3), 6);
    const int frequency = database::demo_channels.at(static_cast<std::size_t>(pick(luck >> 16U, 8)));
    const auto text = timeseries::format(time);
    const auto rate = fmt::format("SF{}BW125", factor + 7);
    int best = 0;
    bool heard = false;
    for (int copy = 0; copy < near && pick(luck, 100) >= lost_in_hundred; ++copy) {
        const int gateway = (home + copy) % network_.gateways;
        if (away(gateway, time)) continue;
        const auto noise = mix(luck + static_cast<std::uint64_t>(copy));
        const int rssi = -60 - 8 * copy - 5 * factor - pick(noise, 30);
        const int snr = 9 - 3 * factor - pick(noise >> 8U, 4);
        best = heard ? std::max(best, rssi) : rssi;
        heard = true;
        append(of(rows, DemoTable::gateway_uplink), "{}\t{}\tdemo-gateway-{:05}\t{}\t{}\t{}\t{}\t{}\t19\n",
               text, demo_tenant, gateway, frequency, rate, airtimes.at(static_cast<std::size_t>(factor)),
               rssi, snr);
        append(of(rows, DemoTable::gateway_end_device_uplink),
               "{}\t{}\tdemo-gateway-{:05}\tdemo-{:04}\tdevice-{:06}\t{}\t{}\t{}\t{}\n", text, demo_tenant,
               gateway, device % network_.applications, device, frequency, rate, rssi, snr);
        // Somebody else's device, every now and then one that does not speak LoRa.
        if (pick(noise >> 16U, 5) == 0) {
            const bool lora = pick(noise >> 24U, 20) != 0;
            append(of(rows, DemoTable::gateway_uplink),
                   "{}\t{}\tdemo-gateway-{:05}\t{}\t{}\t{}\t{}\t{}\t{}\n", text, demo_tenant, gateway,
                   lora ? database::demo_channels[0] : 868800000, lora ? "SF9BW125" : "50000",
                   lora ? airtimes[2] : 8000, rssi - 10, lora ? fmt::format("{}", -5) : "\\N",
                   foreign.at(static_cast<std::size_t>(pick(noise >> 32U, 5))));
        }
    }
    if (!heard) {
        ++lost_[index];
        return;
    }
    // A new session on the way, of some devices.
    const auto joined = network_.from + (pick(chance(of_device, device, -4), 4) == 0 && round > rounds_ / 2
                                             ? (rounds_ / 2) * network_.interval
                                             : Span(0));
    append(of(rows, DemoTable::end_device_uplink),
           "{}\t{}\tdemo-{:04}\tdevice-{:06}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", text, demo_tenant,
           device % network_.applications, device, timeseries::format(joined), round, lost_[index], frequency,
           rate, airtimes.at(static_cast<std::size_t>(factor)), best, 9 - 3 * factor);
    lost_[index] = 0;
    forward(device, round, text, rows);
}

bool DemoEvents::next(Rows& rows) {
    const auto size = [&rows] {
        return std::accumulate(rows.begin(), rows.end(), std::size_t{0},
                               [](std::size_t sum, const std::string& text) { return sum + text.size(); });
    };
    const auto at_least = size() + enough_bytes;
    for (; round_ < rounds_; ++round_, device_ = 0) {
        statistics_until(network_.from + round_ * network_.interval, rows);
        while (device_ < network_.devices) {
            uplink(order_[static_cast<std::size_t>(device_++)], round_, rows);
            if (device_ % 1000 == 0 && size() >= at_least) return true;
        }
    }
    statistics_until(network_.to, rows);
    return false;
}

}  // namespace tti::network_operations_center
