#pragma once

#include "cli/command.hpp"

namespace tti::network_server {

// One device, or every device of an EUI or a DevAddr: its record, index entries, queues and tasks.
cli::Command inspect_command();

}  // namespace tti::network_server
