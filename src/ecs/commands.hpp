#pragma once

#include "cli/command.hpp"

namespace tti::ecs {

// The group "ecs".
cli::Command commands();

cli::Command run_command();
cli::Command attach_command();
cli::Command logs_command();
cli::Command forms_command();  // "ecs command"
cli::Command tasks_command();
cli::Command stop_command();

}  // namespace tti::ecs
