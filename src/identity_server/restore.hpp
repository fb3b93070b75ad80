#pragma once

#include "cli/context.hpp"
#include "operation/undo_file.hpp"

namespace tti::identity_server {

// Plays an undo file of is-db cleanup back, into the tenant of --tenant-id or the file's own. Throws
// UsageError for another command's file.
ExitCode restore_undo_file(cli::Context& context, operation::UndoReader reader);

}  // namespace tti::identity_server
