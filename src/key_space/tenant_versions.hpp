#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "key_space/session.hpp"
#include "lorawan/keys.hpp"

namespace tti::key_space {

// In how many of these tenants' name spaces the newest version is not recorded at all of `kinds`, which are
// keys of schema versions. A few round trips, however many tenants there are; no key is looked for.
std::int64_t count_not_recorded(Session& session, std::span<const std::string> tenant_ids,
                                std::span<const lorawan::KeyKind> kinds);

}  // namespace tti::key_space
