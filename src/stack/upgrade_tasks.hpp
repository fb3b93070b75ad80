#pragma once

#include "cli/command.hpp"
#include "cli/parser.hpp"

namespace tti::stack {

// `upgrade` on a deployment on ECS, for cli::Command::run_elsewhere: one task plans, then each database that
// has something due is a task of its own, which runs `upgrade --only` for it.
ExitCode upgrade_by_tasks(cli::Context& context, const cli::ParsedLine& line, const settings::Values& inputs);

}  // namespace tti::stack
