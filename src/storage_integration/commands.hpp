#pragma once

#include "cli/command.hpp"

namespace tti::storage_integration {

// The group "storage-db".
cli::Command commands();

// Tables, chunks, retention and what is behind. Exit code due when something is.
cli::Command status_command();
// The live schema against what the migrations leave; exit code due when it differs.
cli::Command verify_command();
// show, preview, set, off.
cli::Command retention_command();
// Makes chunks ahead, drops old ones; for cron.
cli::Command maintain_command();
cli::Command count_command();
cli::Command export_command();
cli::Command demo_command();

}  // namespace tti::storage_integration
