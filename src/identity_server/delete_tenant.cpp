#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "identity_server/schema_state.hpp"
#include "identity_server/session.hpp"
#include "identity_server/tenants.hpp"
#include "operation/failure_point.hpp"
#include "postgres/lock_safe.hpp"
#include "util/text.hpp"

namespace tti::identity_server {
namespace {

// Rows of every table of a schema, in one round trip.
operation::Amounts count_rows(postgres::Connection& connection, const Tenant& tenant) {
    const auto tables = connection.query(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND c.relname NOT LIKE 'bun_%' ORDER BY 1",
        {tenant.schema});
    std::vector<postgres::Statement> statements;
    statements.reserve(static_cast<std::size_t>(tables.rows()));
    for (int row = 0; row < tables.rows(); ++row) {
        statements.push_back(
            {fmt::format("SELECT count(*) FROM {}", qualified(tenant, tables.text(row, 0)))});
    }
    const auto counts = connection.pipeline(statements);
    operation::Amounts amounts;
    for (int row = 0; row < tables.rows(); ++row) {
        const auto number = counts.at(static_cast<std::size_t>(row)).integer(0, 0);
        if (number > 0) add(amounts, std::string(tables.text(row, 0)), number);
    }
    return amounts;
}

class DeleteTenant final : public operation::Operation {
  public:
    DeleteTenant(Session& session, Tenant tenant) : session_(session), tenant_(std::move(tenant)) {}

    operation::Plan plan() override {
        operation::Plan plan{.title = fmt::format("delete tenant {}", tenant_.id)};
        if (tenant_.is_default || tenant_.schema == session_.tenants().current().schema) {
            plan.refusals.push_back(
                fmt::format("{} lives in the schema that is.database-uri names", tenant_.id));
            plan.refusal_hint =
                "Only tenants with a schema of their own can be deleted; tti-lw-stack is-db tenants lists "
                "them.";
            return plan;
        }
        schema_exists_ = read_states(session_.connection(), {tenant_}).at(tenant_.schema).schema_exists;
        rows_ = count_rows(session_.connection(), tenant_);
        plan.steps.push_back(step());
        plan.notes.push_back(fmt::format("Keys of the tenant in Redis, below {}:{}, stay.",
                                         util::join(session_.context().values.list("redis.namespace"), ":"),
                                         tenant_.id));
        plan.confirmation =
            schema_exists_ ? fmt::format("Tenant {} and everything in schema {} will be lost: {}", tenant_.id,
                                         tenant_.schema, rows_.empty() ? "no rows" : describe(rows_))
                           : fmt::format("Tenant {} will be forgotten; its schema {} is not there",
                                         tenant_.id, tenant_.schema);
        return plan;
    }

    std::string result_text() override {
        return schema_exists_ ? fmt::format("deleted tenant {} and schema {}", tenant_.id, tenant_.schema)
                              : fmt::format("deleted tenant {}; its schema {} was not there", tenant_.id,
                                            tenant_.schema);
    }
    nlohmann::json result_data() override { return {{"tenant_id", tenant_.id}, {"schema", tenant_.schema}}; }

  private:
    operation::Step step() {
        operation::Step step{
            .name = "drop schema",
            .what = fmt::format("drop schema {} and forget tenant {}", tenant_.schema, tenant_.id),
            .why = "asked for",
            .touches = rows_,
            .lock = operation::Lock::table,
            .destroys = true};
        step.run = [this](operation::StepContext& context) { execute(context); };
        return step;
    }

    void execute(operation::StepContext& context) {
        postgres::with_short_locks(
            session_.connection(), session_.context().stop, {},
            [&context](std::string_view blockers, int attempt) {
                context.log(operation::Level::info,
                            fmt::format("Waiting for a lock, try {}; it is held by {}", attempt, blockers));
            },
            [this](postgres::Connection& connection) {
                connection.execute(fmt::format("DROP SCHEMA IF EXISTS {} CASCADE",
                                               postgres::quote_identifier(tenant_.schema)));
                connection.query("DELETE FROM tti.tenants WHERE tenant_id = $1", {tenant_.id});
                operation::failure_point("inside delete tenant");
            });
        for (const auto& amount : rows_) context.count(amount.what, amount.number);
    }

    Session& session_;
    Tenant tenant_;
    bool schema_exists_ = false;
    operation::Amounts rows_;
};

}  // namespace

cli::Command delete_tenant_command() {
    return {
        .name = "delete-tenant",
        .summary = "Drop a tenant's schema with everything in it",
        .description =
            "Shows the rows that will be lost and asks, or needs --yes. The default tenant cannot be "
            "deleted.",
        .options = {{.name = "id", .description = "ID of the tenant", .value_name = "ID", .required = true}},
        .settings = {"is.database-uri", "tenancy.default-id", "redis.namespace"},
        .examples = {{"is-db delete-tenant --id=acme --dry-run", "see what would be lost"},
                     {"is-db delete-tenant --id=acme --yes", "delete the tenant acme"}},
        .effect = cli::Effect::writes,
        .run = [](cli::Context& context) {
            return run_writing(context, Tables::as_they_are, [&context](Session& session) {
                return std::make_unique<DeleteTenant>(session, session.tenant(context.values.text("id")));
            });
        }};
}

}  // namespace tti::identity_server
