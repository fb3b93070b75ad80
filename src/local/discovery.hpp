#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "operation/reporter.hpp"
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

// Fills the addresses among `values` from a running local deployment, and says so. Does nothing when somebody
// gave an address of a database or of Redis: a mixture would be two deployments taken for one.
void apply(settings::Values& values, operation::Reporter& reporter,
           const settings::Surroundings& surroundings);

}  // namespace tti::local
