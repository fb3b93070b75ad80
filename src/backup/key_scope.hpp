#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tti::backup {

// Which keys below a name space are meant; all texts stand without the name space.
struct KeyScope {
    std::string below;                 // "acme:"; empty: any
    std::vector<std::string> without;  // beginnings of keys that are not: other tenants', this program's own

    [[nodiscard]] bool contains(std::string_view key) const;
    // The key that says that a restore into this scope was begun; never in it.
    [[nodiscard]] std::string restore_mark() const { return below + "tti:restore"; }
};

// The keys of the whole deployment, with all its tenants. What this program keeps for itself (locks, journal,
// checkpoints) is left out.
KeyScope whole_scope(const std::vector<std::string>& other_tenants);
// The keys of one tenant: those below its ID, or for the default one those that are below no other's.
KeyScope tenant_scope(const std::string& tenant_id, bool is_default,
                      const std::vector<std::string>& other_tenants);

}  // namespace tti::backup
