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
    // Options as typed, in order, and after them the arguments; a bare boolean is "true".
    std::vector<settings::FlagText> flags;
    // Options of the program itself. None where the command has them all: then they are among its own.
    std::vector<settings::FlagText> program_flags;
    // The arguments as typed, without those options.
    std::vector<std::string> words;
    bool help = false;
};

// `settings` are accepted before, between and after the command words. --flag=value, --flag value (the next
// argument always is the value), a bare boolean, --flag=false, -c value. "help WORDS" is "WORDS --help".
// After "--" everything is an argument. An option that command and program have is the command's behind it.
// Throws UsageError for an unknown command or option (with the nearest one), an argument too many, and
// required options and arguments that are missing.
ParsedLine parse(const Command& program, const std::vector<settings::Option>& settings,
                 std::span<const std::string> arguments);

}  // namespace tti::cli
