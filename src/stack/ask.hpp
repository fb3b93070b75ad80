#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/context.hpp"
#include "operation/plan.hpp"
#include "util/deadline_stop.hpp"

namespace tti::stack {

// Why a command could not tell everything: what an Error says.
struct Failure {
    ExitCode code = ExitCode::unexpected;
    std::string message;
    std::string hint;
};

// Why, without the connection that met it: alike for all databases on a server that cannot be reached.
std::string cause(const Failure& failure);

// What a command told.
struct Answer {
    ExitCode code = ExitCode::done;  // that of the failure where there is one
    std::optional<Failure> failure;  // what it threw
    std::vector<operation::Plan> plans;
    nlohmann::json data;  // of its result; null where there is none
    std::vector<std::string> warnings;
};

// Runs a command of the program and keeps what it tells. What it throws is in the answer; where the time of
// `stop` is over, that is unreachable. Throws InterruptedError alone, when the end was asked for elsewhere.
Answer ask(cli::Context& context, const std::vector<std::string>& arguments, util::DeadlineStop& stop);

}  // namespace tti::stack
