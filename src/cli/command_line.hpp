#pragma once

#include <string>

#include "cli/parser.hpp"

namespace tti::cli {

// The command line for journal and messages: every secret is replaced by its mask, values are quoted for a
// shell.
std::string shown_command_line(const ParsedLine& line, const std::vector<settings::Option>& settings);

}  // namespace tti::cli
