#pragma once

#include "cli/command.hpp"

namespace tti::backup {

// `backup` and, below it, `verify`.
cli::Command backup_command();
// `restore`: an archive, or an undo file of any command.
cli::Command restore_command();

}  // namespace tti::backup
