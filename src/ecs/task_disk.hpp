#pragma once

#include "cli/command.hpp"
#include "ecs/deployment.hpp"
#include "operation/reporter.hpp"

namespace tti::ecs {

// Whether what lies in the folder of a container outlives its task: it is one of `lasting`, or below one.
bool is_lasting(const std::string& place, const std::vector<std::string>& lasting);

// Throws RefusedError where the command would leave something on, or look for it on, a disk that ends with
// the task. Tells where the caller may not look at what the task definition mounts.
void require_lasting_disk(Deployment& deployment, const cli::Command& command, const settings::Values& inputs,
                          operation::Reporter& reporter);

}  // namespace tti::ecs
