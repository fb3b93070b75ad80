#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "join_server/pair_change.hpp"
#include "lorawan/mutex.hpp"

namespace tti::join_server {

struct Applied {
    lorawan::Guarded outcome = lorawan::Guarded::done;
    std::int64_t removed = 0;  // session keys that were there, and went
};

// Makes pairs right, many in one round trip. Each is written only if nobody holds the mutex of its list, its
// list is the one that was read, its device is there as it was (or is not), and every session key that will
// be listed exists: else it counts as changed. The server runs a script whole, so no helper key is made. With
// an `owner` this is done under the mutex that he holds. May be repeated.
std::vector<Applied> apply_guarded(key_space::Session& session, std::span<const PairChange> changes,
                                   std::string_view owner = {});

}  // namespace tti::join_server
