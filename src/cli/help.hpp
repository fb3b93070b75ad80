#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace tti::cli {

// What --help prints: plain text, at most `width` columns where words allow.
std::string help(const Path& path, const Command& command, const std::vector<settings::Option>& settings,
                 std::size_t width = 100);

}  // namespace tti::cli
