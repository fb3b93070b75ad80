#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace tti::cli {

enum class Shell { bash, zsh, fish };

// The script with which that shell completes commands, options and the values of options that have choices.
std::string completion(Shell shell, const Command& program, const std::vector<settings::Option>& settings);

}  // namespace tti::cli
