#include "identity_server/apply.hpp"

#include <fmt/format.h>

#include "operation/failure_point.hpp"
#include "postgres/lock_safe.hpp"

namespace tti::identity_server {
namespace {

using operation::failure_point;
using postgres::Connection;

// From so many rows on, building an index in the transaction would block the stack for longer than a short
// lock may.
constexpr int rows_for_concurrent_build = 1000;

bool is_filled(Connection& connection, std::string_view table) {
    return connection
               .execute(fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT {}) AS enough",
                                    postgres::quote_identifier(table), rows_for_concurrent_build))
               .integer(0, 0) == rows_for_concurrent_build;
}

std::string swap_sql(const IndexSwap& swap, const std::string& built) {
    return fmt::format("DROP INDEX IF EXISTS {0}; ALTER INDEX {1} RENAME TO {0};", swap.index, built);
}

// The SQL of the transaction. For a swap on a filled table the new index is built first, outside of it.
std::string prepare(Connection& connection, const Migration& migration, Direction direction, Layout layout) {
    if (migration.swap && is_filled(connection, migration.swap->table)) {
        const auto& swap = *migration.swap;
        const std::string built = fmt::format("{}_new", swap.index);
        const auto definition = direction == Direction::up ? swap.up : swap.down;
        postgres::build_index_concurrently(
            connection, built,
            fmt::format("CREATE UNIQUE INDEX CONCURRENTLY {} ON {} {}", built, swap.table, definition));
        failure_point("index built");
        return swap_sql(swap, built);
    }
    if (direction == Direction::down) return std::string(down_sql(migration));
    const bool tables_are_there = layout == Layout::release_3_19 && &migration == &migrations().front();
    return std::string(tables_are_there ? up_sql_from_3_19() : up_sql(migration));
}

void tell_blockers(operation::StepContext& step, std::string_view blockers, int attempt) {
    step.log(operation::Level::info,
             fmt::format("Waiting for a lock, try {}; it is held by {}", attempt, blockers));
}

}  // namespace

void apply(Session& session, const Tenant& tenant, const Migration& migration, Direction direction,
           Layout layout, std::int64_t group, operation::StepContext& step) {
    auto& connection = session.connection();
    const std::string name(migration.name);
    session.use(tenant);
    const bool first = direction == Direction::up && &migration == &migrations().front();
    if (first) {
        postgres::create_bookkeeping(connection, tenant.schema);
        if (tenant.is_default) try_extension(connection);
    }
    const std::string sql = prepare(connection, migration, direction, layout);
    failure_point("before migration");
    postgres::with_short_locks(
        connection, session.context().stop, {},
        [&step](std::string_view blockers, int attempt) { tell_blockers(step, blockers, attempt); },
        [&](Connection& inside) {
            if (!sql.empty()) inside.execute(sql);
            failure_point("inside migration");
            if (direction == Direction::up) {
                postgres::mark_applied(inside, tenant.schema, name, group);
            } else {
                postgres::unmark(inside, tenant.schema, name);
            }
        });
    failure_point("after migration");
    step.count(direction == Direction::up ? "migrations" : "migrations undone", 1);
}

void try_extension(Connection& connection) {
    try {
        connection.execute("CREATE EXTENSION IF NOT EXISTS pgcrypto");
    } catch (const postgres::ServerError&) {
        return;
    }
}

}  // namespace tti::identity_server
