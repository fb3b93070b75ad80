#pragma once

#include "cli/command.hpp"

namespace tti::doctor {

// Looks for what goes wrong in practice, and tells what mends it.
cli::Command doctor_command();

}  // namespace tti::doctor
