#pragma once

#include <span>
#include <string>

#include "aws/ecs.hpp"
#include "ecs/run_arguments.hpp"

namespace tti::ecs {

// The request for a task that runs `command` (the program first): on Fargate, in both subnets, without a
// public address. Two requests with one token start one task. `started_by` has at most 36 characters.
aws::TaskRequest task_request(const RunArguments& where, std::span<const std::string> command,
                              const std::string& token, const std::string& started_by = "tti-lw-stack");

}  // namespace tti::ecs
