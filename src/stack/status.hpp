#pragma once

#include "cli/command.hpp"

namespace tti::stack {

// All databases that the settings name: what they are like, and what is due.
cli::Command status_command();

}  // namespace tti::stack
