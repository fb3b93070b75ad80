#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "identity_server/session.hpp"
#include "identity_server/tenants.hpp"
#include "util/text.hpp"

namespace tti::identity_server {
namespace {

using nlohmann::json;

json to_json(const TenantRecord& record) {
    json limits = json::object();
    for (const auto& [column, limit] : record.limits) limits[column] = std::stoll(limit);
    return {{"tenant_id", record.tenant.id},
            {"schema", record.tenant.schema},
            {"default", record.tenant.is_default},
            {"registered", !record.created_at.empty()},
            {"name", record.name},
            {"description", record.description},
            {"state", describe(record.state)},
            {"state_description", record.state_description},
            {"attributes", record.attributes},
            {"limits", limits},
            {"created_at", record.created_at},
            {"updated_at", record.updated_at}};
}

ExitCode list(Session& session) {
    json data{{"tenants", json::array()}};
    cli::Table table({"tenant", "schema", "name", "state", "created", "note"});
    for (const auto& record : session.tenants().tenants()) {
        data["tenants"].push_back(to_json(record));
        table.add({record.tenant.id, record.tenant.schema, record.name, std::string(describe(record.state)),
                   record.created_at, record.tenant.is_default ? "default tenant" : ""});
    }
    session.context().reporter.result(table.text(), data);
    return ExitCode::done;
}

// The stack takes the parts of its name space in Redis separated by white space, the tenant's last.
std::string redis_namespace(const settings::Values& values, const Tenant& tenant) {
    auto parts = values.list("redis.namespace");
    if (!tenant.is_default) parts.push_back(tenant.id);
    return util::join(parts, " ");
}

ExitCode print_uri(Session& session) {
    const auto& values = session.context().values;
    const auto tenant = session.tenant(values.text("id"));
    const auto uri = session.uri().with_search_path(tenant.schema);
    const bool show = values.boolean("show-secrets");
    const std::string address = show ? uri.text().reveal() : uri.masked();
    const auto name_space = redis_namespace(values, tenant);
    const std::string text = fmt::format("TTN_LW_IS_DATABASE_URI={}\nTTN_LW_REDIS_NAMESPACE={}\n",
                                         util::shell_quoted(address), util::shell_quoted(name_space));
    session.context().reporter.result(
        text, {{"tenant_id", tenant.id},
               {"schema", tenant.schema},
               {"database_uri", address},
               {"variables", {{"TTN_LW_IS_DATABASE_URI", address}, {"TTN_LW_REDIS_NAMESPACE", name_space}}}});
    return ExitCode::done;
}

}  // namespace

cli::Command tenants_command() {
    return {.name = "tenants",
            .summary = "List the tenants",
            .settings = {"is.database-uri", "tenancy.default-id"},
            .examples = {{"is-db tenants", "list the tenants"}},
            .run = [](cli::Context& context) { return run_reading(context, list); }};
}

cli::Command tenant_uri_command() {
    return {.name = "tenant-uri",
            .summary = "Print the database URI and variables with which an Identity Server serves a tenant",
            .description =
                "The stack honours search_path in its database URI, so one Identity Server process with "
                "these variables "
                "serves that tenant.",
            .options = {{.name = "id",
                         .description = "ID of the tenant; the default one when left out",
                         .value_name = "ID"},
                        {.name = "show-secrets",
                         .type = settings::Type::boolean,
                         .description = "print the password of the database too"}},
            .settings = {"is.database-uri", "tenancy.default-id", "redis.namespace"},
            .examples = {{"is-db tenant-uri --id=acme", "how to serve the tenant acme"}},
            .tells_secret = cli::when_given("show-secrets"),
            .run = [](cli::Context& context) { return run_reading(context, print_uri); }};
}

}  // namespace tti::identity_server
