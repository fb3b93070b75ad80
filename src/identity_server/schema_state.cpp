#include "identity_server/schema_state.hpp"

#include <fmt/format.h>

namespace tti::identity_server {
namespace {

std::vector<std::string> schemas_of(const std::vector<Tenant>& tenants) {
    std::vector<std::string> schemas;
    schemas.reserve(tenants.size());
    for (const auto& tenant : tenants) schemas.push_back(tenant.schema);
    return schemas;
}

}  // namespace

Layout SchemaState::layout() const {
    if (bookkeeping.has(migrations().front().name)) return Layout::migrated;
    if (!has_accounts) return has_other_tables ? Layout::before_3_19 : Layout::empty;
    return has_notifications ? Layout::release_3_19 : Layout::before_3_19;
}

std::vector<const Migration*> SchemaState::applied() const {
    std::vector<const Migration*> result;
    for (const auto& migration : migrations()) {
        if (bookkeeping.has(migration.name)) result.push_back(&migration);
    }
    return result;
}

std::map<std::string, SchemaState> read_states(postgres::Connection& connection,
                                               const std::vector<Tenant>& tenants) {
    const auto schemas = schemas_of(tenants);
    std::map<std::string, SchemaState> states;
    for (auto& [schema, bookkeeping] : postgres::read_bookkeeping(connection, schemas)) {
        states[schema].bookkeeping = std::move(bookkeeping);
    }
    const auto rows = connection.query(
        "SELECT n.nspname, coalesce(bool_or(c.relname = 'accounts'), false), "
        "coalesce(bool_or(c.relname = 'notifications'), false), "
        "coalesce(bool_or(c.relname IN ('users', 'applications', 'gateways', 'end_devices')), false) "
        "FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p') "
        "WHERE n.nspname = ANY ($1::text[]) GROUP BY 1",
        {postgres::array_literal(std::span(schemas))});
    for (int row = 0; row < rows.rows(); ++row) {
        auto& state = states[std::string(rows.text(row, 0))];
        state.schema_exists = true;
        state.has_accounts = rows.boolean(row, 1);
        state.has_notifications = rows.boolean(row, 2);
        state.has_other_tables = rows.boolean(row, 3);
    }
    for (const auto& schema : schemas) states.try_emplace(schema);
    return states;
}

void require_known(const Tenant& tenant, const SchemaState& state) {
    if (const auto unknown = state.unknown(); !unknown.empty()) {
        throw NewerDatabaseError(
            fmt::format("schema {} of tenant {} has {} that this build does not know, the last one {}",
                        tenant.schema, tenant.id, unknown.size() == 1 ? "a migration" : "migrations",
                        unknown.back().name),
            "Use a newer tti-lw-stack; tti-lw-stack is-db status lists them.");
    }
    if (state.layout() == Layout::before_3_19) {
        throw RefusedError(
            fmt::format("schema {} of tenant {} is from a release before 3.19", tenant.schema, tenant.id),
            "Start release 3.19 of the stack on it once and run its is-db migrate, then come back.");
    }
    if (state.bookkeeping.locked) {
        throw LockedError(
            fmt::format("table {}.bun_migration_locks holds a lock row: the stack is migrating, or was "
                        "killed meanwhile",
                        tenant.schema),
            fmt::format("When no migration of the stack runs, remove it: DELETE FROM {}.bun_migration_locks;",
                        postgres::quote_identifier(tenant.schema)));
    }
}

void require_up_to_date(const Tenant& tenant, const SchemaState& state) {
    const auto due = state.due();
    if (due.empty()) return;
    throw DueError(fmt::format("tenant {} is behind: {} migration{} due, the next one {}", tenant.id,
                               due.size(), due.size() == 1 ? " is" : "s are", due.front()->full_name()),
                   "Run first: tti-lw-stack is-db migrate");
}

}  // namespace tti::identity_server
