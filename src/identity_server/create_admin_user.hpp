#pragma once

#include "cli/command.hpp"

namespace tti::identity_server {

cli::Command create_admin_user_command();

}  // namespace tti::identity_server
