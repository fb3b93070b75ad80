#pragma once

#include "cli/command.hpp"

namespace tti::network_operations_center {

// The group "noc-db".
cli::Command commands();

// Tables, aggregates, retention, jobs and what is behind. Exit code due when something is.
cli::Command status_command();
// The live schema against what the migrations leave; exit code due when it differs.
cli::Command verify_command();
// Refreshes aggregates, makes chunks ahead, drops old ones; for cron.
cli::Command maintain_command();
// Fills the database with a made-up network, or removes it.
cli::Command demo_command();
// One answer, from the aggregates.
cli::Command query_command();

}  // namespace tti::network_operations_center
