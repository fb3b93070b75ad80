#include "database/demo_options.hpp"

#include <iterator>

#include <fmt/format.h>

#include "util/error.hpp"

namespace tti::database {

using settings::Type;

settings::Option demo_size(std::string name, std::string description, std::string standard) {
    return {.name = std::move(name),
            .type = Type::integer,
            .description = std::move(description),
            .value_name = "N",
            .default_text = std::move(standard)};
}

std::vector<settings::Option> demo_options(const std::string& what, std::vector<settings::Option> sizes,
                                           std::string interval) {
    std::vector<settings::Option> options{demo_size("days", "how many days of " + what, "3")};
    std::ranges::move(sizes, std::back_inserter(options));
    options.push_back({.name = "interval",
                       .type = Type::duration,
                       .description = "time between two uplinks of an end device",
                       .value_name = "DURATION",
                       .default_text = std::move(interval)});
    options.push_back(demo_size("seed", "the same number and time give the same " + what, "1"));
    options.push_back({.name = "until",
                       .type = Type::time,
                       .description = "end of that time; now when left out",
                       .value_name = "TIME"});
    options.push_back({.name = "remove", .type = Type::boolean, .description = "remove what was generated"});
    return options;
}

int demo_size(const settings::Values& values, const std::string& option, std::int64_t most) {
    const auto value = values.integer(option);
    if (value >= 1 && value <= most) return static_cast<int>(value);
    throw UsageError(fmt::format("option --{} = \"{}\": accepted: 1 to {}", option, value, most));
}

DemoTime demo_time(const settings::Values& values) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    DemoTime result{.seed = static_cast<std::uint64_t>(values.integer("seed")),
                    .from = {},
                    .to = values.time("until").value_or(now),
                    .interval = std::chrono::duration_cast<timeseries::Span>(values.duration("interval"))};
    result.from = result.to - std::chrono::days(demo_size(values, "days", 3650));
    if (result.interval < std::chrono::seconds(1))
        throw UsageError("option --interval: accepted: a second at least");
    return result;
}

}  // namespace tti::database
