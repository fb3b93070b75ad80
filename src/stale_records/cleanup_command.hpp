#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "stale_records/scope.hpp"

namespace tti::stale_records {

// The cleanup of one server, by its scope.
struct Cleanup {
    std::string group;  // "ns-db"
    std::string summary;
    std::string what_goes;  // a paragraph of the description
    std::vector<std::string> settings = {};
    std::function<Scope(const settings::Values&)> scope;
};
cli::Command cleanup_command(Cleanup cleanup);

}  // namespace tti::stale_records
