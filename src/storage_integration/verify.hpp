#pragma once

#include <string>
#include <vector>

#include "storage_integration/session.hpp"

namespace tti::storage_integration {

// Where the schema is not as its migrations leave it, a phrase each. The tables must be up to date.
std::vector<std::string> differences(Session& session);

}  // namespace tti::storage_integration
