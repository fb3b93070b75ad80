#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/parser.hpp"
#include "setup/given.hpp"

namespace tti::setup {

// The flags that say what was given, for a machine that has no file of it: "--domain=eu1.example.com",
// "--tenants=id=acme,name=Acme".
std::vector<std::string> as_flags(const Given& given);

// `setup` on a deployment on ECS, for cli::Command::run_elsewhere: one task plans, then each step of the plan
// is a task of its own, and the last one looks whether all is as described.
ExitCode set_up_by_tasks(cli::Context& context, const cli::ParsedLine& line, const settings::Values& inputs);

}  // namespace tti::setup
