#pragma once

#include "cli/command.hpp"

namespace tti::setup {

// The command `setup`.
cli::Command setup_command();

}  // namespace tti::setup
