#pragma once

#include "cli/command.hpp"

namespace tti::join_server {

// Version now and wanted, what is due, counts. Exit code due when a migration is.
cli::Command status_command();

}  // namespace tti::join_server
