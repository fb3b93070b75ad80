#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "network_operations_center/session.hpp"
#include "operation/runner.hpp"

namespace tti::network_operations_center {

enum class Work {
    raw_tables,  // its SQL makes the tables in chunks
    roll_ups,    // no SQL: the aggregates that are declared and not there
    sources,     // no SQL: since when what they are made of is complete
    sql,
};

// A migration; its SQL is in migrations/network_operations_center.
struct Migration {
    std::string_view name;     // digits only
    std::string_view comment;  // for people, and in file names
    std::string_view what;
    Work work = Work::sql;

    [[nodiscard]] std::string full_name() const;
};

// All, ascending.
std::span<const Migration> migrations();

// What of them a database has.
struct SchemaState {
    postgres::Bookkeeping bookkeeping;
    bool has_tables = false;  // a table of that name is there, ours or not

    [[nodiscard]] bool empty() const { return bookkeeping.applied.empty() && !has_tables; }
    [[nodiscard]] std::vector<const Migration*> due() const { return bookkeeping.due(migrations()); }
    // Applied, but not by this build's list.
    [[nodiscard]] std::vector<postgres::AppliedMigration> unknown() const {
        return bookkeeping.unknown(migrations());
    }
};
SchemaState read_state(Session& session);

// Throws NewerDatabaseError for migrations that this build does not know, RefusedError for tables of
// somebody else's.
void require_known(const Session& session, const SchemaState& state);
// How tables are kept that are there and up to date; some may still be on their way to TimescaleDB. Throws
// DueError naming the next command.
timeseries::Way require_readable(Session& session);
// The same of tables that are all kept in one way.
timeseries::Way require_tables(Session& session);

// Runs one migration and marks it, in one transaction, while no job of TimescaleDB runs on these tables.
void apply(Session& session, const Migration& migration, timeseries::Way way, std::int64_t group,
           operation::StepContext& step);

}  // namespace tti::network_operations_center
