#pragma once

#include <string_view>

namespace tti::redis {

// Whether a command of this name (see Commands::names) cannot write. A command that is not known may write.
bool cannot_write(std::string_view name);

}  // namespace tti::redis
