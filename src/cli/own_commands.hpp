#pragma once

#include <vector>

#include "cli/command.hpp"
#include "cli/reference.hpp"

namespace tti::cli {

// The commands that are about the program itself.
Command version_command();
Command config_command();
Command completion_command();
Command complete_command();                                   // the stack's name for it, hidden
Command gen_man_pages_command();                              // hidden
Command reference_command(std::vector<ReferencePage> pages);  // hidden
Command check_commands_command();                             // hidden

// With pages of the reference that only the rooms above know.
std::vector<Command> own_commands(std::vector<ReferencePage> more_pages = {});

}  // namespace tti::cli
