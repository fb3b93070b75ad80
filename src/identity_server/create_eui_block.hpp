#pragma once

#include "cli/command.hpp"

namespace tti::identity_server {

cli::Command create_eui_block_command();

}  // namespace tti::identity_server
