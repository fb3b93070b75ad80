#pragma once

#include <sstream>

#include "cli/command.hpp"
#include "operation/recorder.hpp"
#include "support/nobody_there.hpp"
#include "util/error.hpp"

namespace tti::stack::testing {

// A context whose run_command is the test's own.
class Probe {
  public:
    explicit Probe(cli::RunCommand run_command) { context.run_command = std::move(run_command); }

    cli::Command program;
    settings::Values values;
    settings::Surroundings surroundings;
    operation::Recorder told;
    test::NobodyThere prompt;
    util::NeverStop stop;
    std::istringstream input;
    cli::Context context{program, values, surroundings, told, prompt, stop, input, ""};
};

}  // namespace tti::stack::testing
