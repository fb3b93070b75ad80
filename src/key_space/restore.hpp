#pragma once

#include <vector>

#include "cli/context.hpp"
#include "operation/undo_file.hpp"
#include "settings/option.hpp"

namespace tti::key_space {

// The options of whoever plays an undo file back: those of bulk work, and what to do about what has changed.
std::vector<settings::Option> undo_restore_options();

// Plays an undo file of a command on Redis back.
ExitCode restore_undo_file(cli::Context& context, operation::UndoReader reader);

}  // namespace tti::key_space
