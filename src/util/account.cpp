#include "util/account.hpp"

#include <algorithm>

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
    const passwd* entry = getpwnam(name.c_str());
    return entry == nullptr ? std::nullopt : std::optional(from_entry(*entry));
}

Account account_of(uid_t user) {
    const passwd* entry = getpwuid(user);
    if (entry != nullptr) {
        return from_entry(*entry);
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
