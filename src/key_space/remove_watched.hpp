#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "key_space/undo.hpp"

namespace tti::key_space {

// WATCH, DUMP, undo file, then UNLINK in MULTI/EXEC. Redis looks through all that is watched for every key
// that is watched besides, so this is for few keys. A batch that somebody changed in between is tried again
// in smaller pieces; RefusedError for a key that does not come to rest. Returns how many keys went.
std::int64_t remove_watched(Session& session, UndoRows& undo, std::span<const std::string> keys);

}  // namespace tti::key_space
