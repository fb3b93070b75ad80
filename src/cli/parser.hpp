#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "settings/resolve.hpp"

namespace tti::cli {

// What the arguments say. `command` points into the tree that was parsed against.
struct ParsedLine {
    const Command* command = nullptr;  // the deepest one that was named; the program itself where none was
    Path path;                         // the names that lead there, the program's first
    std::vector<settings::FlagText> flags;  // as typed, in order; a bare boolean is "true"
    bool help = false;
};

// `settings` are accepted before, between and after the command words. --flag=value, --flag value (the next
// argument always is the value), a bare boolean, --flag=false, -c value. "help WORDS" is "WORDS --help".
// Throws UsageError for an unknown command or option (with the nearest one), an argument too many, and
// required options that are missing.
ParsedLine parse(const Command& program, const std::vector<settings::Option>& settings,
                 std::span<const std::string> arguments);

}  // namespace tti::cli
