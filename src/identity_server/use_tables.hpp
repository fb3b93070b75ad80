#pragma once

#include "identity_server/tenant.hpp"
#include "postgres/connection.hpp"

namespace tti::identity_server {

// The statement after which unqualified names mean this tenant's tables: for the session, or until the end of
// the transaction that the connection is in.
postgres::Statement use_tables(const postgres::Connection& connection, const Tenant& tenant);

}  // namespace tti::identity_server
