#include "identity_server/listings.hpp"

#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "identity_server/command_parts.hpp"
#include "identity_server/schema_state.hpp"
#include "identity_server/session.hpp"
#include "util/text.hpp"

namespace tti::identity_server {
namespace {

using nlohmann::json;
using Take = std::function<void(const Tenant&, const postgres::Result&, int row)>;

// Asks each selected tenant that has tables. `statement` gets the tenant.
void for_each_row(Session& session, const std::function<std::string(const Tenant&)>& statement,
                  const Take& take) {
    const auto tenants = selected_tenants(session);
    const auto states = read_states(session.connection(), tenants);
    for (const auto& tenant : tenants) {
        const auto& state = states.at(tenant.schema);
        require_known(tenant, state);
        if (state.layout() == Layout::empty) continue;
        const auto rows = session.connection().query(statement(tenant), {});
        for (int row = 0; row < rows.rows(); ++row) take(tenant, rows, row);
    }
}

ExitCode list_clients(Session& session) {
    const std::string everywhere = session.tenants().exists()
                                       ? "EXISTS (SELECT FROM tti.clients g WHERE g.client_id = c.client_id)"
                                       : "false";
    json data{{"oauth_clients", json::array()}};
    cli::Table table({"tenant", "client", "name", "of", "secret", "redirect URIs"});
    for_each_row(
        session,
        [&](const Tenant& tenant) {
            return fmt::format(
                "SELECT client_id, name, client_secret IS NOT NULL, redirect_uris, logout_redirect_uris, "
                "state, "
                "skip_authorization, endorsed, {} FROM {} c WHERE deleted_at IS NULL ORDER BY client_id",
                everywhere, qualified(tenant, "clients"));
        },
        [&](const Tenant& tenant, const postgres::Result& rows, int row) {
            const auto text = [&](int column) { return std::string(rows.text(row, column)); };
            const auto state = static_cast<State>(rows.integer(row, 5));
            data["oauth_clients"].push_back({{"tenant_id", tenant.id},
                                             {"client_id", text(0)},
                                             {"name", text(1)},
                                             {"has_secret", rows.boolean(row, 2)},
                                             {"redirect_uris", rows.array(row, 3)},
                                             {"logout_redirect_uris", rows.array(row, 4)},
                                             {"state", describe(state)},
                                             {"skip_authorization", rows.boolean(row, 6)},
                                             {"endorsed", rows.boolean(row, 7)},
                                             {"all_tenants", rows.boolean(row, 8)}});
            table.add({tenant.id, text(0), text(1), rows.boolean(row, 8) ? "all tenants" : "this tenant",
                       rows.boolean(row, 2) ? "yes" : "no", util::join(rows.array(row, 3), " ")});
        });
    session.context().reporter.result(table.empty() ? "no OAuth clients\n" : table.text(), data);
    return ExitCode::done;
}

ExitCode list_admins(Session& session) {
    json data{{"admin_users", json::array()}};
    cli::Table table({"tenant", "user", "name", "e-mail address", "validated", "state"});
    for_each_row(
        session,
        [](const Tenant& tenant) {
            return fmt::format(
                "SELECT a.uid, u.name, u.primary_email_address, u.primary_email_address_validated_at IS NOT "
                "NULL, "
                "u.state FROM {} u JOIN {} a ON a.account_id = u.id AND a.account_type = 'user' WHERE "
                "u.admin AND "
                "u.deleted_at IS NULL ORDER BY a.uid",
                qualified(tenant, "users"), qualified(tenant, "accounts"));
        },
        [&](const Tenant& tenant, const postgres::Result& rows, int row) {
            const auto text = [&](int column) { return std::string(rows.text(row, column)); };
            const auto state = std::string(describe(static_cast<State>(rows.integer(row, 4))));
            data["admin_users"].push_back({{"tenant_id", tenant.id},
                                           {"user_id", text(0)},
                                           {"name", text(1)},
                                           {"email", text(2)},
                                           {"email_validated", rows.boolean(row, 3)},
                                           {"state", state}});
            table.add({tenant.id, text(0), text(1), text(2), rows.boolean(row, 3) ? "yes" : "no", state});
        });
    session.context().reporter.result(table.empty() ? "no admin users\n" : table.text(), data);
    return ExitCode::done;
}

std::vector<settings::Option> listing_options() {
    return {tenant_option(
        "tenant that is listed, or NULL for all; left out: the one that the database address names")};
}

}  // namespace

cli::Command oauth_clients_command() {
    return {.name = "oauth-clients",
            .summary = "List the OAuth clients",
            .options = listing_options(),
            .settings = with_database_settings(),
            .examples = {{"is-db oauth-clients --tenant-id=NULL", "those of every tenant"}},
            .run = [](cli::Context& context) { return run_reading(context, list_clients); }};
}

cli::Command admin_users_command() {
    return {.name = "admin-users",
            .summary = "List the users who are admins",
            .options = listing_options(),
            .settings = with_database_settings(),
            .examples = {{"is-db admin-users --tenant-id=NULL", "those of every tenant"}},
            .run = [](cli::Context& context) { return run_reading(context, list_admins); }};
}

}  // namespace tti::identity_server
