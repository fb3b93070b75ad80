#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

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
// these tenants have keys at all; the others have nothing that is behind.
std::vector<TenantBehind> tenants_behind(cli::Context& context, std::span<const std::string> groups,
                                         std::span<const std::string> tenant_ids);

}  // namespace tti::stack
