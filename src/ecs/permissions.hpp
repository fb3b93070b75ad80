#pragma once

#include <string>
#include <vector>

#include "aws/ecs.hpp"
#include "aws/iam.hpp"
#include "ecs/run_arguments.hpp"

namespace tti::ecs {

// What a deployment's task is made of, as far as permissions depend on it.
struct Things {
    const aws::TaskDefinition& definition;
    const RunArguments& where;
    std::string stack;  // empty where nobody looked for one
};

// What a container gets at its start.
struct Sources {
    std::vector<std::string> secrets;     // ARNs
    std::vector<std::string> parameters;  // names or ARNs
};
Sources sources_of(const aws::TaskDefinition& definition);

// What an operator, and the execution role of the task, have to be allowed. Each is asked about by itself;
// the principals are filled in by whoever asks.
std::vector<aws::Simulation> needed_by_operator(const Things& things);
std::vector<aws::Simulation> needed_by_execution_role(const Things& things);

}  // namespace tti::ecs
