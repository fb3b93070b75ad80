#pragma once

#include <filesystem>
#include <vector>

#include "cli/context.hpp"
#include "operation/undo_file.hpp"
#include "settings/option.hpp"

namespace tti::key_space {

// The options of whoever plays an undo file back: those of bulk work, and what to do about what has changed.
std::vector<settings::Option> undo_restore_options();

// Plays an undo file of a command on Redis back. `path` is where the reader's file is, for messages.
ExitCode restore_undo_file(cli::Context& context, const std::filesystem::path& path,
                           operation::UndoReader reader);

}  // namespace tti::key_space
