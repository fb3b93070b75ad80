#pragma once

#include "cli/command.hpp"

namespace tti::key_space {

// Plays an undo file of a command on Redis back.
cli::Command restore_command();

}  // namespace tti::key_space
