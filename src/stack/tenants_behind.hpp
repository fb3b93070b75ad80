#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "cli/context.hpp"

namespace tti::stack {

// A tenant whose keys of one server have no schema version, or another one than this build's.
struct TenantBehind {
    std::string group;  // "ns-db"
    std::string tenant_id;

    bool operator==(const TenantBehind&) const = default;
};

// Those of `tenant_ids` in Redis (as redis.* says), in the order of `groups` and then of the tenants. Asks
// for the versions of all at once. Where some are missing, one walk over the names of keys tells which of
// these tenants have keys at all; the others have nothing that is behind, nor have those that cannot have
// keys of their own.
std::vector<TenantBehind> tenants_behind(cli::Context& context, std::span<const std::string> groups,
                                         std::span<const std::string> tenant_ids);

// IDs of the tenants that the Identity Server registers, as `is-db tenants` tells them.
std::vector<std::string> tenants_besides_default(const nlohmann::json& told);

// {"ns-db", "migrate", "--tenant-id=acme"}
std::vector<std::string> migration_of(const std::string& group, const std::string& tenant_id);

}  // namespace tti::stack
