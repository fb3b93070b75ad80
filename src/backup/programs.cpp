#include "backup/programs.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>
#include <unistd.h>

#include "util/error.hpp"
#include "util/process.hpp"
#include "util/text.hpp"

namespace tti::backup {
namespace {

namespace fs = std::filesystem;

std::string variable(const settings::Surroundings& surroundings, const std::string& name) {
    const auto found = surroundings.environment.find(name);
    return found == surroundings.environment.end() ? std::string() : found->second;
}

std::vector<fs::path> folders_to_search(const settings::Surroundings& surroundings, const fs::path& only,
                                        const fs::path& debian_folder) {
    if (!only.empty()) return {surroundings.working_directory / only};
    std::vector<fs::path> folders;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(debian_folder, ignored)) {
        folders.push_back(entry.path() / "bin");
    }
    for (const auto& folder : util::split(variable(surroundings, "PATH"), ':')) {
        if (folder.starts_with('/')) folders.emplace_back(folder);
    }
    return folders;
}

// "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
std::optional<PostgresProgram> ask(const fs::path& path, const std::string& search_path, util::Stop& stop) {
    const auto finished = util::run({{path.string(), "--version"}, {"PATH=" + search_path}}, stop);
    const auto words = util::words(finished.output);
    const auto mark = std::ranges::find(words, "(PostgreSQL)");
    if (finished.exit_code != 0 || mark == words.end() || mark + 1 == words.end()) return {};
    PostgresProgram program{path, 0, *(mark + 1)};
    const auto& version = program.version;
    std::from_chars(version.data(), version.data() + version.size(), program.major);
    return program.major > 0 ? std::optional(program) : std::nullopt;
}

// From that version on, pg_restore sets transaction_timeout, which an older server does not know; and its
// pg_dump's archives are read by no older pg_restore.
constexpr int sets_transaction_timeout = 17;

bool fits(const PostgresProgram& program, Majors majors) {
    return program.major >= majors.oldest &&
           (program.major < sets_transaction_timeout || majors.server >= sets_transaction_timeout);
}

}  // namespace

std::vector<PostgresProgram> installed_programs(const std::string& name,
                                                const settings::Surroundings& surroundings,
                                                const fs::path& only, util::Stop& stop,
                                                const fs::path& debian_folder) {
    std::vector<PostgresProgram> found;
    std::set<fs::path> seen;
    for (const auto& folder : folders_to_search(surroundings, only, debian_folder)) {
        const auto path = folder / name;
        if (access(path.c_str(), X_OK) != 0 || !seen.insert(path).second) continue;
        if (auto program = ask(path, variable(surroundings, "PATH"), stop)) found.push_back(*program);
    }
    return found;
}

PostgresProgram fitting_program(const std::string& name, Majors majors,
                                const std::vector<PostgresProgram>& installed) {
    const PostgresProgram* best = nullptr;
    std::vector<std::string> versions;
    const auto rank = [majors](const PostgresProgram& program) {
        return std::pair(program.major != majors.server, program.major);
    };
    for (const auto& program : installed) {
        versions.push_back(fmt::format("{} ({})", program.version, program.path.string()));
        if (fits(program, majors) && (best == nullptr || rank(program) < rank(*best))) best = &program;
    }
    if (best != nullptr) return *best;
    const auto there =
        versions.empty() ? "none is installed" : fmt::format("there is {}", util::join(versions, ", "));
    throw RefusedError(
        fmt::format("{} of PostgreSQL {} or newer{} is needed here, and {}", name, majors.oldest,
                    majors.server < sets_transaction_timeout
                        ? fmt::format(", but older than {}", sets_transaction_timeout)
                        : "",
                    there),
        majors.oldest >= sets_transaction_timeout && majors.server < sets_transaction_timeout
            ? fmt::format("Restore into PostgreSQL {}: such an archive cannot go into an older one.",
                          majors.oldest)
            : fmt::format("Install it (apt-get install postgresql-client-{}), or name its folder with "
                          "--postgres-programs.",
                          std::max(majors.oldest, majors.server)));
}

}  // namespace tti::backup
