#include "local/programs.hpp"

#include <charconv>
#include <sstream>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "util/error.hpp"

namespace tti::local {
namespace {

bool runnable(const std::filesystem::path& program) {
    return access(program.c_str(), X_OK) == 0;
}

std::filesystem::path find_in_path(const settings::Surroundings& surroundings, const std::string& name) {
    const auto variable = surroundings.environment.find("PATH");
    std::istringstream folders(variable == surroundings.environment.end() ? "" : variable->second);
    for (std::string folder; std::getline(folders, folder, ':');) {
        if (auto program = std::filesystem::path(folder) / name; program.is_absolute() && runnable(program)) {
            return program;
        }
    }
    return {};
}

std::filesystem::path find_redis(const settings::Surroundings& surroundings) {
    const std::filesystem::path usual = "/usr/bin/redis-server";  // where PATH lacks it, as under cron
    const auto found = find_in_path(surroundings, "redis-server");
    return found.empty() && runnable(usual) ? usual : found;
}

int number_of(const std::string& name) {
    int number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    return number;
}

std::filesystem::path find_debian_postgres(const std::filesystem::path& debian_folder,
                                           const std::string& version) {
    std::error_code ignored;
    std::filesystem::path best;
    int newest = 0;
    for (const auto& entry : std::filesystem::directory_iterator(debian_folder, ignored)) {
        const auto name = entry.path().filename().string();
        const auto programs = entry.path() / "bin";
        if ((version.empty() || name == version) && number_of(name) > newest &&
            runnable(programs / "initdb") && runnable(programs / "postgres")) {
            newest = number_of(name);
            best = programs;
        }
    }
    return best;
}

}  // namespace

ServerPrograms find_programs(const settings::Surroundings& surroundings, const std::string& data_version,
                             const std::filesystem::path& debian_folder) {
    ServerPrograms programs{find_debian_postgres(debian_folder, data_version), find_redis(surroundings)};
    if (programs.postgres_folder.empty()) {
        // Elsewhere they are in PATH; one that does not fit the data says so itself.
        const auto initdb = find_in_path(surroundings, "initdb");
        const bool complete = !initdb.empty() && runnable(initdb.parent_path() / "postgres");
        programs.postgres_folder = complete ? initdb.parent_path() : std::filesystem::path();
    }
    const std::string postgres_package =
        "postgresql-" + (data_version.empty() ? std::string("15") : data_version);
    std::string missing = programs.postgres_folder.empty() ? postgres_package : "";
    if (programs.redis_server.empty()) {
        missing += missing.empty() ? "redis-server" : " redis-server";
    }
    if (!missing.empty()) {
        throw Error(
            ExitCode::unexpected,
            fmt::format("the local deployment needs server programs that are not installed: {}", missing),
            fmt::format("Install them: apt-get install --no-install-recommends {}", missing));
    }
    return programs;
}

}  // namespace tti::local
