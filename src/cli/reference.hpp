#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace tti::cli {

// Every command, option, setting and exit code as one Markdown document.
std::string reference(const Command& program, const std::vector<settings::Option>& settings);

}  // namespace tti::cli
