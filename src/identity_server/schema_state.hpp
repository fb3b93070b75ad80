#pragma once

#include <map>
#include <string>
#include <vector>

#include "identity_server/migrations.hpp"
#include "identity_server/tenant.hpp"
#include "postgres/migrator.hpp"

namespace tti::identity_server {

enum class Layout {
    empty,         // none of the stack's tables
    before_3_19,   // too old for this program
    release_3_19,  // complete, without bun's bookkeeping
    migrated,      // at least the first migration is applied
};

// What a tenant's schema holds, from the catalogue and bun's bookkeeping.
struct SchemaState {
    bool schema_exists = false;
    bool has_accounts = false;
    bool has_notifications = false;
    bool has_other_tables = false;  // of the stack's
    postgres::Bookkeeping bookkeeping;

    [[nodiscard]] Layout layout() const;
    [[nodiscard]] std::vector<const Migration*> due() const { return bookkeeping.due(migrations()); }
    [[nodiscard]] std::vector<const Migration*> applied() const;  // ascending
    // Applied, but not by this build's list.
    [[nodiscard]] std::vector<postgres::AppliedMigration> unknown() const {
        return bookkeeping.unknown(migrations());
    }
};

// By schema name, in a few round trips however many tenants there are.
std::map<std::string, SchemaState> read_states(postgres::Connection& connection,
                                               const std::vector<Tenant>& tenants);

// Throws NewerDatabaseError for migrations that this build does not know, RefusedError for a database from
// before 3.19, LockedError for bun's own lock row.
void require_known(const Tenant& tenant, const SchemaState& state);
// Throws DueError naming the command when migrations are due.
void require_up_to_date(const Tenant& tenant, const SchemaState& state);

}  // namespace tti::identity_server
