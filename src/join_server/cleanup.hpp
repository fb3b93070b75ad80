#pragma once

#include "cli/command.hpp"

namespace tti::join_server {

// Removes records that the Identity Server no longer knows.
cli::Command cleanup_command();

}  // namespace tti::join_server
