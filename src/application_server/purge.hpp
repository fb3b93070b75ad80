#pragma once

#include "cli/command.hpp"

namespace tti::application_server {

// Removes the uplinks that releases up to 3.26 stored.
cli::Command purge_command();

}  // namespace tti::application_server
