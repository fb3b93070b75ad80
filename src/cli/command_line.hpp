#pragma once

#include <string>

#include "cli/parser.hpp"

namespace tti::cli {

// The command line for journal and messages: every secret is replaced by its mask, values are quoted for a
// shell.
std::string shown_command_line(const ParsedLine& line, const std::vector<settings::Option>& settings);

// One option of it with its value: "--only=is-db,ns-db", "--yes", "--redis.password=***".
std::string shown_flag(const settings::Option& option, const std::string& value);

}  // namespace tti::cli
