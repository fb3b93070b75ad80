#include "util/account.hpp"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>

namespace tti::util {
namespace {

std::vector<gid_t> groups_of(const char* name, gid_t group) {
    std::vector<gid_t> groups(16);
    int count = static_cast<int>(groups.size());
    while (getgrouplist(name, group, groups.data(), &count) < 0) {
        groups.resize(static_cast<std::size_t>(count));
    }
    groups.resize(static_cast<std::size_t>(count));
    return groups;
}

Account from_entry(const passwd& entry) {
    return {entry.pw_uid, entry.pw_gid, groups_of(entry.pw_name, entry.pw_gid), entry.pw_name, entry.pw_dir};
}

// `ask` is one of the functions that fill a place of ours, since several threads may look.
template <typename Ask>
std::optional<Account> look_up(const Ask& ask) {
    std::vector<char> texts(4096);
    passwd entry{};
    passwd* found = nullptr;
    while (ask(&entry, texts.data(), texts.size(), &found) == ERANGE) {
        texts.resize(2 * texts.size());
    }
    return found == nullptr ? std::nullopt : std::optional(from_entry(*found));
}

bool may_enter(const Account& account, const struct stat& folder) {
    if (account.user == 0) {
        return true;
    }
    if (folder.st_uid == account.user) {
        return (folder.st_mode & S_IXUSR) != 0;
    }
    if (std::ranges::find(account.groups, folder.st_gid) != account.groups.end()) {
        return (folder.st_mode & S_IXGRP) != 0;
    }
    return (folder.st_mode & S_IXOTH) != 0;
}

}  // namespace

std::optional<Account> account_named(const std::string& name) {
    return look_up([&name](auto... place) { return getpwnam_r(name.c_str(), place...); });
}

Account account_of(uid_t user) {
    if (auto found = look_up([user](auto... place) { return getpwuid_r(user, place...); })) {
        return *std::move(found);
    }
    return {user, user, {user}, fmt::format("#{}", user), {}};
}

bool can_enter(const Account& account, const std::filesystem::path& path) {
    std::filesystem::path reached;
    for (const auto& part : path) {
        reached /= part;
        struct stat folder {};
        if (stat(reached.c_str(), &folder) != 0) {
            return true;
        }
        if (!may_enter(account, folder)) {
            return false;
        }
    }
    return true;
}

}  // namespace tti::util
