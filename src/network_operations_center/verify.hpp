#pragma once

#include <string>
#include <vector>

#include "network_operations_center/session.hpp"

namespace tti::network_operations_center {

// Where the schema is not as its migrations leave it, a phrase each. The tables must be up to date.
std::vector<std::string> differences(Session& session, timeseries::Way way);

}  // namespace tti::network_operations_center
