#pragma once

#include <span>
#include <string>

#include "aws/cloudformation.hpp"
#include "ecs/run_arguments.hpp"

namespace tti::ecs {

struct OperationsStack {
    std::string name;
    RunArguments arguments;
};

// The stack that `name` means among all: its whole name, or the beginning of the names of one deployment's
// stacks ("ttich-prod-eu1"), of which one has the output OpsRunTaskArguments. Throws UsageError for none, for
// several, and for an output that is none.
OperationsStack choose_stack(std::span<const aws::Stack> stacks, const std::string& name);

// Asks for the one of that whole name first, which needs permission for no other.
OperationsStack find_stack(aws::Service& cloudformation, const std::string& name);

}  // namespace tti::ecs
