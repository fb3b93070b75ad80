#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ecs/run_arguments.hpp"
#include "util/expected.hpp"

namespace tti::ecs {

// Of the operations task; its command is replaced.
constexpr auto container_name = "ttes";

using Words = std::vector<std::string>;

// A command in the forms of the Database Operations page. `command` is what the task gets, the program first.

// For the field "Command override" of the AWS Console: "tti-lw-stack,is-db,migrate". What it cannot carry is
// a failure that names the argument.
Expected<std::string> console_line(std::span<const std::string> command);
// ["tti-lw-stack","is-db","migrate"]. Fails on what is not UTF-8.
Expected<std::string> json_array(std::span<const std::string> command);
// The whole call of the AWS CLI, for a POSIX shell.
Expected<std::string> run_task_call(std::span<const std::string> command, const RunArguments& where);
// The same with variables of the shell for where it runs, called as the page calls the words of
// OpsRunTaskArguments: $TASK_DEFINITION $CLUSTER_NAME $SUBNET_ONE $SUBNET_TWO $SECURITY_GROUP.
Expected<std::string> run_task_call(std::span<const std::string> command);

// And back. A call is read as the page has it: with line breaks after backslashes, its overrides in JSON.
// Where it would run is not looked at, so variables may stand there.
Expected<Words> parse_console_line(std::string_view text);
Expected<Words> parse_json_array(std::string_view text);
Expected<Words> parse_run_task_call(std::string_view text);

}  // namespace tti::ecs
