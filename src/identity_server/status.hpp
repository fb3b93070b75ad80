#pragma once

#include "cli/command.hpp"

namespace tti::identity_server {

// Applied, due, irreversible, unknown to this build, drift. Exit code due when something is due or drifted,
// and newer-database when a migration is unknown.
cli::Command status_command();
// The live schema object by object against what it should be; exit code due when it differs.
cli::Command verify_command();
// The journal, newest first.
cli::Command history_command();

}  // namespace tti::identity_server
