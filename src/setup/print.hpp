#pragma once

#include "cli/context.hpp"
#include "setup/deployment.hpp"

namespace tti::setup {

// Tells the page's commands for the deployment in both forms, secrets as their references.
void print_page(const Deployment& deployment, operation::Reporter& reporter);

}  // namespace tti::setup
