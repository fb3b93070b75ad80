#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "settings/option.hpp"
#include "settings/values.hpp"
#include "timeseries/time.hpp"

namespace tti::database {

// The options of a command that fills a database with a made-up network, or removes it: --days, --interval,
// --seed, --until and --remove around `sizes`. `what` it makes: "messages".
std::vector<settings::Option> demo_options(const std::string& what, std::vector<settings::Option> sizes,
                                           std::string interval);
// One of the sizes.
settings::Option demo_size(std::string name, std::string description, std::string standard);

// The time that is filled, and what makes it repeatable.
struct DemoTime {
    std::uint64_t seed = 0;
    timeseries::Time from;
    timeseries::Time to;           // without
    timeseries::Span interval{0};  // between the uplinks of a device
};
// These throw UsageError naming the option.
DemoTime demo_time(const settings::Values& values);
int demo_size(const settings::Values& values, const std::string& option, std::int64_t most);

}  // namespace tti::database
