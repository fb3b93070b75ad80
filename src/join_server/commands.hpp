#pragma once

#include "cli/command.hpp"

namespace tti::join_server {

// The group js-db.
cli::Command commands();

}  // namespace tti::join_server
