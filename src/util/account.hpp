#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace tti::util {

// A user of this system.
struct Account {
    uid_t user = 0;
    gid_t group = 0;
    std::vector<gid_t> groups;  // all of them, `group` included
    std::string name;           // "#1234" where the system knows none
    std::filesystem::path home;
};

std::optional<Account> account_named(const std::string& name);
// An ID without an entry (usual in containers) gets an account with no home and no further groups.
Account account_of(uid_t user);

// Whether the account may enter every folder from / to `path`, judged by owner, group and mode. Folders that
// do not exist yet count as enterable: whoever makes them decides.
bool can_enter(const Account& account, const std::filesystem::path& path);

}  // namespace tti::util
