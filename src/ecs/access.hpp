#pragma once

#include "aws/ecs.hpp"
#include "ecs/deployment.hpp"
#include "ecs/looks.hpp"

namespace tti::ecs {

// Who may do what: both roles of the task, what it reads at its start, and the caller.
void look_at_access(Deployment& deployment, const aws::TaskDefinition& definition, Looks& looks);

}  // namespace tti::ecs
