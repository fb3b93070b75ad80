#pragma once

#include <string>
#include <vector>

#include "cli/parser.hpp"
#include "settings/resolve.hpp"

namespace tti::cli {

// What a command line gives: the command's options, the settings that it uses, and those that were given as
// flags anyway, as the stack allows. Throws UsageError.
settings::Resolution resolve_line(const ParsedLine& line, const settings::Surroundings& surroundings);

// The same as far as the line itself says it, for a command that another machine runs with its own files and
// variables.
settings::Values resolve_words(const ParsedLine& line);

// Some settings alone, whatever command the line is of.
settings::Values resolve_some(const std::vector<std::string>& names, const ParsedLine& line,
                              const settings::Surroundings& surroundings);

}  // namespace tti::cli
