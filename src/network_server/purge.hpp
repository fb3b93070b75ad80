#pragma once

#include "cli/command.hpp"

namespace tti::network_server {

// Removes what releases up to 3.27 left of their application uplink queues.
cli::Command purge_command();

}  // namespace tti::network_server
