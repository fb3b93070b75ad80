#pragma once

#include <vector>

#include "cli/command.hpp"

namespace tti::cli {

// The commands that are about the program itself.
Command version_command();
Command config_command();
Command completion_command();
Command complete_command();       // the stack's name for it, hidden
Command gen_man_pages_command();  // hidden
Command reference_command();      // hidden

std::vector<Command> own_commands();

}  // namespace tti::cli
