#pragma once

#include <functional>
#include <istream>
#include <span>
#include <string>

#include "operation/reporter.hpp"
#include "operation/runner.hpp"
#include "settings/resolve.hpp"
#include "util/exit_code.hpp"
#include "util/stop.hpp"

namespace tti::cli {

struct Command;

// Reads from the person at the terminal. Stands behind an interface so that tests can answer.
class Prompt : public operation::Confirmer {
  public:
    // Asks twice without echo until both agree; throws UsageError naming `flag_hint` where there is no
    // terminal.
    virtual Secret new_secret(const std::string& what, const std::string& flag_hint) = 0;
};

// Runs another command of the program, given as arguments, with the settings of this run, and throws what it
// throws. It tells `reporter` alone, and ends early when `stop` asks for it. Several threads may call it,
// each with a reporter of its own, as long as no command asks the person at the terminal.
using RunCommand = std::function<ExitCode(std::span<const std::string> arguments,
                                          operation::Reporter& reporter, util::Stop& stop)>;

// What a command's function gets. Lives as long as the run.
struct Context {
    const Command& program;  // the whole tree, for commands that render it
    const settings::Values& values;
    const settings::Surroundings& surroundings;
    operation::Reporter& reporter;
    Prompt& prompt;
    util::Stop& stop;
    std::istream& standard_input;
    std::string command_line;  // as typed, secrets replaced by their mask
    RunCommand run_command = {};
};

}  // namespace tti::cli
