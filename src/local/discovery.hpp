#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/run.hpp"
#include "settings/resolve.hpp"
#include "settings/values.hpp"
#include "util/secret.hpp"

namespace tti::local {

struct Discovered {
    std::filesystem::path folder;
    Secret database_uri;
    std::string redis_address;
    Secret redis_password;
};

// A deployment in a default folder whose servers listen. Where there is none this costs a look for one file;
// it never throws and never waits.
std::optional<Discovered> discover(const settings::Surroundings& surroundings);

// The settings that tell which servers are meant.
std::vector<std::string> decisive_settings();

// What fills the addresses among a command's settings from a running local deployment, and says so. Does
// nothing when somebody gave one of the `decisive` settings: a mixture would be two deployments taken for
// one.
cli::Adjust choose(const settings::Values& decisive, const settings::Surroundings& surroundings);

}  // namespace tti::local
