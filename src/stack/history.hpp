#pragma once

#include "cli/command.hpp"

namespace tti::stack {

// The journals of all databases in one, the newest first.
cli::Command history_command();

}  // namespace tti::stack
