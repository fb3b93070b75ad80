#pragma once

#include "cli/command.hpp"

namespace tti::identity_server {

cli::Command create_oauth_client_command();

}  // namespace tti::identity_server
