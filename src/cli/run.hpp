#pragma once

#include <functional>
#include <istream>
#include <span>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/parser.hpp"
#include "cli/terminal.hpp"

namespace tti::cli {

// Fills settings of a command that nobody gave, and tells it.
using Adjust = std::function<void(settings::Values&, operation::Reporter&)>;

// What a run meets outside of itself; a test puts its own in.
struct Outside {
    Terminal terminal;
    std::istream& standard_input;
    const settings::Surroundings& surroundings;
    Prompt& prompt;
    util::Stop& stop;
    // Asked once in a run, so that all commands of it mean the same servers, for what adjusts each command
    // that uses settings. It gets the `decisive` ones of the catalogue, whether a command uses them or not.
    std::function<Adjust(const settings::Values& decisive)> adjust = {};
    std::vector<std::string> decisive = {};
    Elsewhere elsewhere = {};  // needed where the program has options of its own
};

// One run of the program from its arguments (without its name) to its exit code: reads the command line,
// resolves what the command uses, calls it, and reports what it throws. Throws nothing.
ExitCode run(const Command& program, std::span<const std::string> arguments, const Outside& outside);

}  // namespace tti::cli
