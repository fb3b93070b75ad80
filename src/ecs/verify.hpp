#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cli/command.hpp"
#include "ecs/check.hpp"

namespace tti::ecs {

// "ecs verify"
cli::Command verify_command();

// What it tells: a line for each check, its hint below.
std::string to_text(const Checks& checks);
nlohmann::json to_json(const Checks& checks);
// due where there is a problem.
ExitCode exit_code(const Checks& checks);

}  // namespace tti::ecs
