#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "key_space/undo.hpp"

namespace tti::key_space {

// DUMP, undo file, then a script that removes what has the same DUMP and no later expiry. A DUMP ends with a
// checksum of 64 bits over all of it; that and its size are compared. For many keys with small values. What
// somebody changed in between goes the way of remove_watched(), and has an earlier row in the file then.
// Returns how many keys went.
std::int64_t remove_unchanged(Session& session, UndoRows& undo, std::span<const std::string> keys);

}  // namespace tti::key_space
