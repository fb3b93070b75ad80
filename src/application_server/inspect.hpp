#pragma once

#include "cli/command.hpp"

namespace tti::application_server {

// The decoded records of a device or an application, keys masked, and whether the index entries are right.
cli::Command inspect_command();

}  // namespace tti::application_server
