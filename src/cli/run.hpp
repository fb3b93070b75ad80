#pragma once

#include <functional>
#include <istream>
#include <span>
#include <string>

#include "cli/command.hpp"
#include "cli/terminal.hpp"

namespace tti::cli {

// What a run meets outside of itself; a test puts its own in.
struct Outside {
    Terminal terminal;
    std::istream& standard_input;
    const settings::Surroundings& surroundings;
    Prompt& prompt;
    util::Stop& stop;
    // Called for a command that uses settings, after they were resolved and before it runs.
    std::function<void(settings::Values&, operation::Reporter&)> adjust = {};
};

// One run of the program from its arguments (without its name) to its exit code: reads the command line,
// resolves what the command uses, calls it, and reports what it throws. Throws nothing.
ExitCode run(const Command& program, std::span<const std::string> arguments, const Outside& outside);

}  // namespace tti::cli
