#pragma once

#include "cli/command.hpp"

namespace tti::identity_server {

// Registers a tenant with a schema and tables of its own, or updates what is given of one that exists.
cli::Command create_tenant_command();
// Lists the register.
cli::Command tenants_command();
// Drops a tenant's schema with everything in it.
cli::Command delete_tenant_command();
// Prints with which variables an Identity Server process serves a tenant.
cli::Command tenant_uri_command();

}  // namespace tti::identity_server
