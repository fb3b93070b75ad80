#pragma once

#include "cli/command.hpp"

namespace tti::identity_server {

// The group is-db.
cli::Command commands();

}  // namespace tti::identity_server
