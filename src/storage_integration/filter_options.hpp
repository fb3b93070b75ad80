#pragma once

#include <vector>

#include "settings/option.hpp"
#include "settings/values.hpp"
#include "storage_integration/pages.hpp"

namespace tti::storage_integration {

// The options by which count and export choose messages.
std::vector<settings::Option> filter_options();
// Throws UsageError for what contradicts itself. `now` is what --last counts back from.
Filter filter(const settings::Values& values, timeseries::Time now);

}  // namespace tti::storage_integration
