#pragma once

#include "cli/command.hpp"

namespace tti::identity_server {

// Deletes for good what was soft-deleted longer ago than it can be restored.
cli::Command cleanup_command();
// Brings back what a cleanup deleted, from its undo file.
cli::Command restore_command();

}  // namespace tti::identity_server
