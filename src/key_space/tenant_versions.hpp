#pragma once

#include <span>
#include <string>
#include <vector>

#include "key_space/session.hpp"
#include "lorawan/keys.hpp"

namespace tti::key_space {

// Those of the tenants, in their order, in whose name space one of `kinds`, which are keys of schema
// versions, has another value than the newest version: none, an older one, a newer one or what is no version.
// A few round trips, however many tenants there are; no key is looked for.
std::vector<std::string> tenants_not_at_newest(Session& session, std::span<const std::string> tenant_ids,
                                               std::span<const lorawan::KeyKind> kinds);

}  // namespace tti::key_space
