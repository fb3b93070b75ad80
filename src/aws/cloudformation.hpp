#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/service.hpp"

namespace tti::aws {

struct Stack {
    std::string name;
    std::string status;                          // "UPDATE_COMPLETE"
    std::string status_reason;                   // may be empty
    std::map<std::string, std::string> outputs;  // by their keys
};

// Nothing where there is no such stack.
std::optional<Stack> describe_stack(Service& cloudformation, const std::string& name);
// All that were not deleted, with their outputs.
std::vector<Stack> describe_stacks(Service& cloudformation);

}  // namespace tti::aws
