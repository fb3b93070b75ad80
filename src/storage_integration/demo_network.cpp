#include "storage_integration/demo_network.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "database/demo_data.hpp"
#include "util/base64.hpp"

namespace tti::storage_integration {
namespace {

using database::append;
using database::mix;
using database::pick;
using timeseries::Span;
using timeseries::Time;

constexpr std::array<std::string_view, 6> airtimes{"0.051456s", "0.092672s", "0.185344s",
                                                   "0.329728s", "0.659456s", "1.318912s"};  // SF7 to SF12
constexpr int lost_in_hundred = 3;

}  // namespace

std::string demo_application(int number) {
    return fmt::format("demo-{}", number);
}

DemoMessages::DemoMessages(const DemoNetwork& network)
    : network_(network), rounds_((network.to - network.from) / network.interval) {
    for (int application = 1; application <= network.applications; ++application) {
        for (int number = 1; number <= network.devices; ++number) {
            Device device{.application = application, .number = number};
            device.offset = Span(chance(device, -1) % static_cast<std::uint64_t>(network.interval.count()));
            devices_.push_back(device);
        }
    }
    std::ranges::sort(devices_, {}, &Device::offset);
}

std::int64_t DemoMessages::expected() const {
    return rounds_ * static_cast<std::int64_t>(devices_.size());
}

// A number that depends on nothing but network, device and purpose.
std::uint64_t DemoMessages::chance(const Device& device, std::int64_t purpose) const {
    const auto who =
        static_cast<std::uint64_t>(device.application) << 32U | static_cast<std::uint64_t>(device.number);
    return mix(mix(network_.seed ^ mix(who)) + static_cast<std::uint64_t>(purpose));
}

const Message* DemoMessages::next() {
    for (; round_ < rounds_; ++round_, device_ = 0) {
        while (device_ < devices_.size()) {
            const auto& device = devices_[device_++];
            const auto luck = chance(device, round_);
            if (pick(luck, 100) < lost_in_hundred) continue;
            describe(device, network_.from + round_ * network_.interval + device.offset);
            return &message_;
        }
    }
    return nullptr;
}

void DemoMessages::describe(const Device& device, Time time) {
    message_.application_id = demo_application(device.application);
    message_.device_id = fmt::format("device-{:05}", device.number);
    message_.received_at = time;
    message_.f_port.reset();
    auto& json = message_.json;
    json.clear();
    append(
        json,
        R"({{"end_device_ids":{{"device_id":"{}","application_ids":{{"application_id":"{}"}},"dev_eui":"70B3D57E{:08X}","join_eui":"70B3D57ED0000001","dev_addr":"{:08X}"}},"correlation_ids":["demo:{}"],"received_at":"{}","simulated":true,)",
        message_.device_id, message_.application_id,
        static_cast<std::uint32_t>(device.application << 20 | device.number),
        0x26000000U | static_cast<std::uint32_t>(chance(device, -2) & 0xffffffU), network_.seed,
        timeseries::format(time));
    const auto kind = chance(device, round_) >> 32U;
    if (round_ == 0 || kind % 50 == 0) {
        other(device, round_ == 0 ? 0 : kind / 50);
    } else {
        uplink(device, time);
    }
    json += '}';
}

void DemoMessages::uplink(const Device& device, Time time) {
    const auto luck = mix(chance(device, round_));
    const int factor = 7 + pick(chance(device, -3), 6);
    const int level = 200 + pick(luck, 3000);
    const std::array<std::uint8_t, 4> payload{1, static_cast<std::uint8_t>(level >> 8),
                                              static_cast<std::uint8_t>(level & 0xff),
                                              static_cast<std::uint8_t>(pick(luck >> 16U, 100))};
    message_.type = "uplink_message";
    message_.f_port = 1 + pick(chance(device, -4), 3);
    append(
        message_.json,
        R"("uplink_message":{{"session_key_id":"AZx0c2Vzc2lvbi1rZXk=","f_port":{},"f_cnt":{},"frm_payload":"{}==","decoded_payload":{{"battery":{}.{:02},"level_mm":{}}},)",
        *message_.f_port, round_, util::base64_url(payload), 3, pick(luck >> 16U, 100), level);
    metadata(device, time, factor);
    append(
        message_.json,
        R"("settings":{{"data_rate":{{"lora":{{"bandwidth":125000,"spreading_factor":{},"coding_rate":"4/5"}}}},"frequency":"{}","timestamp":{}}},"received_at":"{}","consumed_airtime":"{}","network_ids":{{"net_id":"000013","tenant_id":"demo"}}}})",
        factor, database::demo_channels.at(static_cast<std::size_t>(pick(luck >> 8U, 8))), luck & 0xffffffffU,
        timeseries::format(time - std::chrono::milliseconds(200)),
        airtimes.at(static_cast<std::size_t>(factor - 7)));
}

void DemoMessages::metadata(const Device& device, Time time, int spreading_factor) {
    const auto home = chance(device, -5);
    const auto luck = mix(chance(device, round_) + 1);
    const int heard = 1 + pick(luck, std::min(3, network_.gateways));
    message_.json += R"("rx_metadata":[)";
    for (int copy = 0; copy < heard; ++copy) {
        const int rssi =
            -60 - 5 * (spreading_factor - 7) - pick(luck >> (8U * static_cast<unsigned>(copy)), 40);
        append(
            message_.json,
            R"({}{{"gateway_ids":{{"gateway_id":"demo-gateway-{:04}"}},"time":"{}","timestamp":{},"rssi":{},"channel_rssi":{},"snr":{}.5,"channel_index":{}}})",
            copy == 0 ? "" : ",", (pick(home, network_.gateways) + copy) % network_.gateways + 1,
            timeseries::format(time - std::chrono::milliseconds(250)), luck & 0xffffffffU, rssi, rssi,
            9 - spreading_factor, pick(luck >> 24U, 8));
    }
    message_.json += "],";
}

void DemoMessages::other(const Device& device, std::uint64_t kind) {
    switch (kind % 4) {
        case 0:
            message_.type = "join_accept";
            message_.json += R"("join_accept":{"session_key_id":"AZx0c2Vzc2lvbi1rZXk="})";
            break;
        case 1:
            message_.type = "downlink_ack";
            message_.f_port = 20;
            append(
                message_.json,
                R"("downlink_ack":{{"session_key_id":"AZx0","f_port":20,"f_cnt":{},"frm_payload":"AQ==","confirmed":true,"priority":"NORMAL"}})",
                round_);
            break;
        case 2:
            message_.type = "location_solved";
            append(
                message_.json,
                R"("location_solved":{{"service":"demo-geolocation","location":{{"latitude":52.{:04},"longitude":4.{:04},"source":"SOURCE_LORA_RSSI_GEOLOCATION"}}}})",
                pick(chance(device, -6), 10000), pick(chance(device, -7), 10000));
            break;
        default:
            message_.type = "service_data";
            message_.json += R"("service_data":{"service":"demo","data":{"text":"a NUL: \u0000"}})";
    }
}

}  // namespace tti::storage_integration
