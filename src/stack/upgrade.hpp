#pragma once

#include "cli/command.hpp"

namespace tti::stack {

// Brings every database of a stack up to date by the migrations of each, or explains what lies between two
// releases.
cli::Command upgrade_command();

}  // namespace tti::stack
