#pragma once

#include <cstdint>

#include "identity_server/schema_state.hpp"
#include "identity_server/session.hpp"
#include "operation/runner.hpp"

namespace tti::identity_server {

enum class Direction { up, down };

// Runs one migration on one tenant's schema, and marks or unmarks it in the same transaction. May be killed
// at any instant and run again. An index on a table with rows is built beside the old one, without blocking
// anybody, and swapped by name in the transaction.
void apply(Session& session, const Tenant& tenant, const Migration& migration, Direction direction,
           Layout layout, std::int64_t group, operation::StepContext& step);

// Installs pgcrypto where the server lets us, as the stack's own first migration does; from PostgreSQL 13 on
// nothing needs it. Outside a transaction, since a refusal would end it.
void try_extension(postgres::Connection& connection);

}  // namespace tti::identity_server
