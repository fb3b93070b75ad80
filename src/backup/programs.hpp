#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "settings/resolve.hpp"
#include "util/stop.hpp"

namespace tti::backup {

// A program of PostgreSQL's, as it is installed here.
struct PostgresProgram {
    std::filesystem::path path;
    int major = 0;
    std::string version;  // "15.18"
};

// Every installed one of that name ("pg_dump"): below the folder where Debian keeps them by major version,
// and in PATH. With `only`, in that folder alone. Each is asked for its version; what gives no answer is
// passed over.
std::vector<PostgresProgram> installed_programs(
    const std::string& name, const settings::Surroundings& surroundings, const std::filesystem::path& only,
    util::Stop& stop, const std::filesystem::path& debian_folder = "/usr/lib/postgresql");

// The oldest that is of that major version or newer. Throws RefusedError, naming what there is and the
// package to install, where none is: an older pg_dump refuses a newer server, an older pg_restore a newer
// archive.
PostgresProgram fitting_program(const std::string& name, int major,
                                const std::vector<PostgresProgram>& installed);

}  // namespace tti::backup
