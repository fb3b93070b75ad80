#pragma once

#include <optional>
#include <string>

#include "aws/ecs.hpp"
#include "util/error.hpp"

namespace tti::ecs {

// How a task ended, told from what ECS says of it.
struct Ending {
    ExitCode code = ExitCode::done;  // the command's own; never_started where there was none
    // What the command cannot have told itself: why it never began, or what ended it. Its code is `code`.
    std::optional<Error> error;
};

// Whether the command has ended, or will never begin. Its task may still give back its network interface,
// which takes ECS some ten seconds more.
bool is_over(const aws::Task& task);

// Of a task that is over. `told_code` is what the command's log says of it, for where ECS lost it.
Ending ending_of(const aws::Task& task, std::optional<ExitCode> told_code);

// AWS refused to start a task: the same as a reason that ECS gives afterwards.
Error refusal_to_start(const Error& error);

}  // namespace tti::ecs
