#include "local/layout.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "util/error.hpp"

namespace tti::local {
namespace {

constexpr auto folder_name = "tti-lw-stack";
constexpr auto system_data = "/var/lib";
// One byte of sun_path is the final NUL.
constexpr std::size_t longest_socket = sizeof(sockaddr_un::sun_path) - 1;
constexpr int longest_port = 65535;

std::filesystem::path data_home(const settings::Surroundings& surroundings) {
    const auto& environment = surroundings.environment;
    // The XDG base directory specification: a relative path is to be ignored.
    if (const auto data = environment.find("XDG_DATA_HOME");
        data != environment.end() && data->second.starts_with('/')) {
        return data->second;
    }
    const auto home = environment.find("HOME");
    const bool usable = home != environment.end() && home->second.starts_with('/');
    return (usable ? std::filesystem::path(home->second) : util::account_of(geteuid()).home) / ".local/share";
}

// A test names another one, so that a deployment of this machine is not taken for its own.
std::filesystem::path system_data_home(const settings::Surroundings& surroundings) {
    const auto other = surroundings.environment.find("TTI_LW_SYSTEM_DATA");
    return other == surroundings.environment.end() ? system_data : other->second;
}

util::Account server_account() {
    for (const auto* name : {"postgres", "nobody"}) {
        if (auto account = util::account_named(name)) {
            return *account;
        }
    }
    throw Error(ExitCode::unexpected,
                "this system has neither a user postgres nor a user nobody to run the servers",
                "Install the package postgresql-common, or run the command as an ordinary user.");
}

std::optional<util::Account> owner_of(const std::filesystem::path& folder) {
    struct stat found {};
    return stat(folder.c_str(), &found) == 0 && found.st_uid != 0
               ? std::optional(util::account_of(found.st_uid))
               : std::nullopt;
}

bool is_there(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

}  // namespace

std::filesystem::path Layout::postgres_socket(int port) const {
    return run() / fmt::format(".s.PGSQL.{}", port);
}

std::vector<std::filesystem::path> candidate_folders(const settings::Surroundings& surroundings, bool root) {
    std::vector<std::filesystem::path> candidates{data_home(surroundings) / folder_name};
    if (root) {
        candidates.push_back(system_data_home(surroundings) / folder_name);
    }
    return candidates;
}

std::filesystem::path default_folder(const settings::Surroundings& surroundings, bool root,
                                     const util::Account& servers) {
    const auto candidates = candidate_folders(surroundings, root);
    for (const auto& candidate : candidates) {
        if (is_there(Layout{candidate}.record())) {
            return candidate;
        }
    }
    for (const auto& candidate : candidates) {
        if (util::can_enter(servers, candidate)) {
            return candidate;
        }
    }
    return candidates.back();
}

Site find_site(const std::filesystem::path& folder, const settings::Surroundings& surroundings) {
    const bool root = geteuid() == 0;
    auto account = root ? server_account() : util::account_of(geteuid());
    Layout layout{folder.empty() ? default_folder(surroundings, root, account)
                                 : (surroundings.working_directory / folder).lexically_normal()};
    const auto owner = root ? owner_of(layout.folder) : std::nullopt;
    return {std::move(layout), owner.value_or(std::move(account)), root, owner};
}

void require_usable(const Site& site) {
    const auto socket = site.layout.postgres_socket(longest_port).string();
    if (socket.size() > longest_socket) {
        throw UsageError(
            fmt::format("the folder {} is too long: its sockets would have a path of {} bytes, and the "
                        "system allows {}",
                        site.layout.folder.string(), socket.size(), longest_socket),
            fmt::format("Give a folder of at most {} bytes with --dir.",
                        longest_socket - (socket.size() - site.layout.folder.string().size())));
    }
    if (!util::can_enter(site.servers, site.layout.folder)) {
        throw UsageError(
            fmt::format("the user {}, as which the servers run, cannot enter {}", site.servers.name,
                        site.layout.folder.string()),
            "Give another folder with --dir, or let others enter (chmod o+x) the folders above it.");
    }
}

}  // namespace tti::local
