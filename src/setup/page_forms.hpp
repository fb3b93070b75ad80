#pragma once

#include <span>
#include <string>

#include "util/expected.hpp"

namespace tti::setup {

// The two forms in which the Database Operations page gives a command for an ECS task. `arguments` are those
// after the program's name; no shell reads either form.

// For the field "Command override" of the AWS Console: "tti-lw-stack,is-db,migrate". What the form cannot
// carry is a failure that names the argument.
Expected<std::string> console_line(std::span<const std::string> arguments);

// For the AWS CLI: ["tti-lw-stack","is-db","migrate"]. Fails on what is not UTF-8.
Expected<std::string> json_array(std::span<const std::string> arguments);

}  // namespace tti::setup
