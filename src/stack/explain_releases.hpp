#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace tti::stack {

// What lies between two releases, from the table of releases alone. Text for people and the same for
// programs.
struct ReleasesExplained {
    std::string text;
    nlohmann::json data;
};
// `to` empty: the newest release that the table knows. Throws UsageError for what is no release of it.
ReleasesExplained explain_releases(const std::string& from, const std::string& to);

}  // namespace tti::stack
