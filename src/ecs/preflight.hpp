#pragma once

#include "ecs/check.hpp"
#include "ecs/deployment.hpp"

namespace tti::ecs {

// Looks at all that a task of the deployment needs, and starts none. What may not be looked at, or does not
// answer, is a check of its own and holds up no other. Asks for no value of a secret.
Checks preflight(Deployment& deployment);

}  // namespace tti::ecs
