#pragma once

#include "cli/command.hpp"

namespace tti::join_server {

// The decoded records of a device, keys masked, and whether the index entries are right.
cli::Command inspect_command();

}  // namespace tti::join_server
