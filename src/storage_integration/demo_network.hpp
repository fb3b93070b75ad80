#pragma once

#include <cstdint>
#include <vector>

#include "storage_integration/message.hpp"

namespace tti::storage_integration {

// A made-up network. The same one has the same messages, byte for byte.
struct DemoNetwork {
    std::uint64_t seed = 1;
    int applications = 2;
    int devices = 20;  // of each application
    int gateways = 5;
    timeseries::Time from;
    timeseries::Time to;                                   // without
    timeseries::Span interval = std::chrono::minutes(10);  // between the uplinks of a device
};

// "demo-1", …
std::string demo_application(int number);

// Its messages in the order in which a network would send them: uplinks with losses, spreading factors and
// channels, joins, downlink confirmations, locations. All are marked as simulated.
class DemoMessages {
  public:
    explicit DemoMessages(const DemoNetwork& network);
    // nullptr at the end. Lives until the next call.
    const Message* next();
    // How many uplinks there would be without losses.
    [[nodiscard]] std::int64_t expected() const;

  private:
    struct Device {
        int application = 0;
        int number = 0;
        timeseries::Span offset{0};  // within the interval
    };
    [[nodiscard]] std::uint64_t chance(const Device& device, std::int64_t purpose) const;
    void describe(const Device& device, timeseries::Time time);
    void uplink(const Device& device, timeseries::Time time);
    void metadata(const Device& device, timeseries::Time time, int spreading_factor);
    void other(const Device& device, std::uint64_t kind);

    DemoNetwork network_;
    std::vector<Device> devices_;  // by offset
    std::int64_t rounds_ = 0;
    std::int64_t round_ = 0;
    std::size_t device_ = 0;
    Message message_;
};

}  // namespace tti::storage_integration
