#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "settings/values.hpp"

namespace tti::cli {

// The settings of the catalogue that `values` holds, sorted by name, in four forms. Secrets are masked unless
// shown.
std::string settings_as_flags(const settings::Values& values, bool show_secrets);
std::string settings_as_environment(const settings::Values& values, bool show_secrets);
std::string settings_as_yaml(const settings::Values& values, bool show_secrets);  // without "config"
nlohmann::json settings_as_json(const settings::Values& values, bool show_secrets);

}  // namespace tti::cli
