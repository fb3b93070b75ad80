#pragma once

#include <filesystem>
#include <vector>

#include "settings/resolve.hpp"

namespace tti::settings {

// Where the stack looks for a file that nobody named, in order; the first that has an option wins.
std::vector<std::filesystem::path> default_config_paths(const Surroundings& surroundings);

}  // namespace tti::settings
