#pragma once

#include <span>
#include <string>

#include "aws/ecs.hpp"
#include "ecs/run_arguments.hpp"

namespace tti::ecs {

// The request for a task that runs `command` (the program first): on Fargate, in both subnets, without a
// public address. Two requests with one token start one task.
aws::TaskRequest task_request(const RunArguments& where, std::span<const std::string> command,
                              const std::string& token);

}  // namespace tti::ecs
