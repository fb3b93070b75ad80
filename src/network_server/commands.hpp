#pragma once

#include "cli/command.hpp"

namespace tti::network_server {

// Group ns-db.
cli::Command commands();

}  // namespace tti::network_server
