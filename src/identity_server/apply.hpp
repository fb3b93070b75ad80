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

// What a check found; nothing where its table does not exist.
struct Finding {
    const RowCheck* check;
    std::int64_t count = 0;
    std::string sample;
};
// Only findings with a count, of the tenant whose tables are in use (Session::use).
std::vector<Finding> run_checks(postgres::Connection& connection, std::span<const RowCheck> checks);

}  // namespace tti::identity_server
