#pragma once

#include <string_view>

#include "operation/condition.hpp"
#include "redis/connection.hpp"

namespace tti::key_space {

// What this Redis tells of what it keeps on disk, by the text of INFO. `saves`: whether it is set to write
// snapshots by itself; where that is not known, yes.
operation::Backups backups(std::string_view info, bool saves);
// The same, asked. A server that may not be asked does not tell.
operation::Backups backups(redis::Connection& connection);

}  // namespace tti::key_space
