#pragma once

#include <sstream>

#include "cli/command.hpp"
#include "operation/recorder.hpp"
#include "util/error.hpp"

namespace tti::stack::testing {

class NobodyThere final : public cli::Prompt {
  public:
    [[nodiscard]] bool can_ask() const override { return false; }
    bool ask(const std::string&) override { return false; }
    Secret new_secret(const std::string&, const std::string& hint) override {
        throw UsageError("nobody is there", hint);
    }
};

// A context whose run_command is the test's own.
class Probe {
  public:
    explicit Probe(cli::RunCommand run_command) { context.run_command = std::move(run_command); }

    cli::Command program;
    settings::Values values;
    settings::Surroundings surroundings;
    operation::Recorder told;
    NobodyThere prompt;
    util::NeverStop stop;
    std::istringstream input;
    cli::Context context{program, values, surroundings, told, prompt, stop, input, ""};
};

}  // namespace tti::stack::testing
