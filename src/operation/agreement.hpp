#pragma once

#include "operation/runner.hpp"

namespace tti::operation {

// Throws RefusedError where a plan is refused, or where it needs an agreement that neither `options` nor the
// operator gives.
void require_agreement(const Plan& plan, const RunOptions& options, Confirmer& confirmer);

}  // namespace tti::operation
