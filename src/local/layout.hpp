#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "settings/resolve.hpp"
#include "util/account.hpp"

namespace tti::local {

// Where things are in the folder of a local deployment.
struct Layout {
    std::filesystem::path folder;

    [[nodiscard]] std::filesystem::path record() const { return folder / "local.json"; }
    [[nodiscard]] std::filesystem::path lock() const { return folder / "lock"; }
    [[nodiscard]] std::filesystem::path run() const { return folder / "run"; }  // the sockets
    [[nodiscard]] std::filesystem::path logs() const { return folder / "log"; }
    [[nodiscard]] std::filesystem::path secrets() const {
        return folder / "secrets";
    }  // scripts/quickstart's
    [[nodiscard]] std::filesystem::path description() const { return folder / "deployment.yml"; }  // its own
    [[nodiscard]] std::filesystem::path postgres() const { return folder / "postgres"; }
    [[nodiscard]] std::filesystem::path postgres_new() const {
        return folder / "postgres.new";
    }  // being made, or rubbish
    [[nodiscard]] std::filesystem::path initial_password() const { return folder / "initdb.password"; }
    [[nodiscard]] std::filesystem::path redis() const { return folder / "redis"; }
    [[nodiscard]] std::filesystem::path redis_old() const { return folder / "redis.old"; }  // rubbish
    [[nodiscard]] std::filesystem::path redis_settings() const { return folder / "redis.conf"; }
    [[nodiscard]] std::filesystem::path redis_socket() const { return run() / "redis.sock"; }
    [[nodiscard]] std::filesystem::path postgres_socket(int port) const;
};

// A deployment's folder and the account that its servers run as.
struct Site {
    Layout layout;
    util::Account servers;
    bool switch_account = false;  // we are root, and start them as somebody else
    // Whose folder root works in, when it is another's: what is made there is made theirs.
    std::optional<util::Account> owner = std::nullopt;
};

// The folders that a deployment without --dir may be in, the preferred one first.
std::vector<std::filesystem::path> candidate_folders(const settings::Surroundings& surroundings, bool root);

// The candidate that holds a deployment; where none does, the first one that `servers` can enter.
std::filesystem::path default_folder(const settings::Surroundings& surroundings, bool root,
                                     const util::Account& servers);

// `folder` empty: the default folder. PostgreSQL refuses to run as root, so root's servers run as the
// folder's owner, as `postgres`, or as `nobody`.
Site find_site(const std::filesystem::path& folder, const settings::Surroundings& surroundings);

// Throws UsageError when the paths of the sockets would be too long for the system, or `servers` cannot get
// there.
void require_usable(const Site& site);

}  // namespace tti::local
