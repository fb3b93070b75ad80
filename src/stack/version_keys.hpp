#pragma once

#include <span>
#include <string_view>

#include "lorawan/keys.hpp"
#include "operation/area.hpp"

namespace tti::stack {

// Where a server records the versions of its key spaces.
struct VersionKeys {
    std::string_view server;  // the part of its keys' names below the name space: "ns"
    std::span<const lorawan::KeyKind> kinds;
};

// Empty for a database that is not in Redis.
VersionKeys version_keys(operation::Area area);

}  // namespace tti::stack
