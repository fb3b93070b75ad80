#include "identity_server/bring_tables.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "identity_server/apply.hpp"
#include "identity_server/global_clients.hpp"
#include "operation/failure_point.hpp"
#include "postgres/migrator.hpp"

namespace tti::identity_server {

void create_tables(Session& session, const Tenant& tenant) {
    auto& connection = session.connection();
    connection.execute(
        fmt::format("CREATE SCHEMA IF NOT EXISTS {}", postgres::quote_identifier(tenant.schema)));
    session.use(tenant);
    postgres::create_bookkeeping(connection, tenant.schema);
    for (const auto& migration : migrations()) {
        connection.execute(up_sql(migration));
        postgres::mark_applied(connection, tenant.schema, std::string(migration.name), 1);
    }
}

BringTables::BringTables(Session& session, std::vector<Tenant> tenants)
    : session_(session), tenants_(std::move(tenants)) {}

operation::Plan BringTables::plan() {
    operation::Plan plan{.title = "create the tables of the Identity Server"};
    for (const auto& tenant : tenants_) {
        operation::Step step{.name = "create tables",
                             .what = fmt::format("create the stack's tables in schema {}: {} migrations",
                                                 tenant.schema, migrations().size()),
                             .why = "there are none yet",
                             .undo = "is-db migrate --rollback",
                             .group = tenant.id};
        step.run = [this, tenant](operation::StepContext& context) { bring(tenant, context); };
        plan.steps.push_back(std::move(step));
    }
    return plan;
}

void BringTables::bring(const Tenant& tenant, operation::StepContext& context) {
    if (tenant.is_default) try_extension(session_.connection());
    postgres::Transaction transaction(session_.connection());
    create_tables(session_, tenant);
    if (session_.tenants().exists()) write_global_clients(session_.connection(), tenant);
    operation::failure_point("inside create tables");
    transaction.commit();
    context.count("migrations", static_cast<std::int64_t>(migrations().size()));
}

nlohmann::json BringTables::result_data() {
    return nlohmann::json::object();
}

}  // namespace tti::identity_server
