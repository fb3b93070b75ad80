#pragma once

#include "cli/command.hpp"

namespace tti::application_server {

// The group as-db.
cli::Command commands();

}  // namespace tti::application_server
