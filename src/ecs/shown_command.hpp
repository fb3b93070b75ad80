#pragma once

#include <span>
#include <string>

#include "cli/command.hpp"

namespace tti::ecs {

// The command of a task for people, without the program's name, and without secrets that somebody left in it.
// Of one that this program does not know, only what stands before its first option.
std::string shown_command(const cli::Command& program, std::span<const std::string> command);

}  // namespace tti::ecs
