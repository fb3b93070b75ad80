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

// What one of PostgreSQL's programs has to do with, by major versions.
struct Majors {
    int server = 0;
    // The pg_dump whose archive it reads; for pg_dump itself the server: an older one refuses a newer server,
    // and an older pg_restore a newer archive.
    int oldest = 0;
};
// The one of the server's major version where there is one, else the oldest that fits. Throws RefusedError,
// naming what there is and the package to install, where none does.
PostgresProgram fitting_program(const std::string& name, Majors majors,
                                const std::vector<PostgresProgram>& installed);

}  // namespace tti::backup
