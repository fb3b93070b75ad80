#pragma once

#include "cli/command.hpp"

namespace tti::identity_server {

cli::Command create_user_api_key_command();

}  // namespace tti::identity_server
