#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "operation/runner.hpp"
#include "storage_integration/session.hpp"

namespace tti::storage_integration {

// A migration of the tables of stored messages; its SQL is in migrations/storage_integration.
struct Migration {
    std::string_view name;     // digits only
    std::string_view comment;  // for people, and in file names
    std::string_view what;
    bool makes_messages = false;  // creates the table that is kept in chunks

    [[nodiscard]] std::string full_name() const;
};

// All, ascending.
std::span<const Migration> migrations();

// What of them a database has.
struct SchemaState {
    postgres::Bookkeeping bookkeeping;
    bool has_messages = false;  // a table of that name is there, ours or not

    [[nodiscard]] bool empty() const { return bookkeeping.applied.empty() && !has_messages; }
    [[nodiscard]] std::vector<const Migration*> due() const { return bookkeeping.due(migrations()); }
    // Applied, but not by this build's list.
    [[nodiscard]] std::vector<postgres::AppliedMigration> unknown() const {
        return bookkeeping.unknown(migrations());
    }
};
SchemaState read_state(Session& session);

// Throws NewerDatabaseError for migrations that this build does not know, RefusedError for a table of
// somebody else's.
void require_known(const Session& session, const SchemaState& state);
// The keeper of tables that are there and complete. Throws DueError naming the next command.
std::unique_ptr<timeseries::Keeper> require_tables(Session& session);

// Runs one migration and marks it, in one transaction. A new table in chunks is kept in that way.
void apply(Session& session, const Migration& migration, timeseries::Way way, timeseries::Span chunk_length,
           std::int64_t group, operation::StepContext& step);

}  // namespace tti::storage_integration
