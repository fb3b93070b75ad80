#pragma once

#include "cli/command.hpp"

namespace tti::network_server {

// Versions, and what migrate, prune and purge would find, by one walk. Exit code due when a migration is.
cli::Command status_command();

}  // namespace tti::network_server
