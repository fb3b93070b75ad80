#pragma once

#include <string>

#include "cli/command.hpp"
#include "operation/area.hpp"

namespace tti::key_space {

// Command "history": the journal of one Redis database, the newest first.
cli::Command history_command(operation::Area area, const std::string& group);

}  // namespace tti::key_space
