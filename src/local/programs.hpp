#pragma once

#include <filesystem>
#include <string>

#include "settings/resolve.hpp"

namespace tti::local {

struct ServerPrograms {
    std::filesystem::path postgres_folder;  // of postgres and initdb
    std::filesystem::path redis_server;
};

// Debian keeps PostgreSQL's programs outside PATH, by major version: the newest, or the one that
// `data_version`
// ("15", from the data's PG_VERSION) asks for. Throws Error that names the missing packages.
ServerPrograms find_programs(const settings::Surroundings& surroundings, const std::string& data_version,
                             const std::filesystem::path& debian_folder = "/usr/lib/postgresql");

}  // namespace tti::local
