#pragma once

#include "cli/command.hpp"

namespace tti::network_server {

// Removes records that the Identity Server no longer knows.
cli::Command cleanup_command();

}  // namespace tti::network_server
