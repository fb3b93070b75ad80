#pragma once

#include "cli/command.hpp"

namespace tti::identity_server {

// The OAuth clients of a tenant, or of all; without secrets.
cli::Command oauth_clients_command();
// The users of a tenant, or of all, who are admins.
cli::Command admin_users_command();

}  // namespace tti::identity_server
