#include <algorithm>

#include <fmt/format.h>

#include "doctor/check.hpp"
#include "identity_server/rules.hpp"
#include "identity_server/schema_state.hpp"
#include "util/text.hpp"

namespace tti::doctor {
namespace {

using identity_server::Layout;
using identity_server::State;
using identity_server::Tenant;
using identity_server::TenantRecord;
using settings::Values;

constexpr auto default_setting = "tenancy.default-id";

std::string shown(const Values& values, std::string_view name) {
    return fmt::format("{} = {} ({})", name, values.display(name, false), values.source(name).where);
}

// The default tenant is always in the register's list; a record it has only where it was created by name.
std::vector<std::string> registered_ids(IdentityServer& server) {
    std::vector<std::string> ids;
    for (const auto& record : server.session.tenants().tenants()) {
        if (!record.created_at.empty()) ids.push_back(record.tenant.id);
    }
    return ids;
}

// Whether the schema that the address names is the default tenant's: no other is registered for it, and
// somebody lives there. An address with a search_path is one tenant's own, where no default is meant.
bool is_of_default(IdentityServer& server) {
    const auto& current = server.session.tenants().current();
    if (current.id != server.values.text(default_setting)) {
        return !server.values.given(default_setting) && !server.session.uri().search_path().empty();
    }
    if (std::ranges::find(server.tenants, current.id, &Tenant::id) == server.tenants.end()) return false;
    return server.session.connection()
        .execute(fmt::format("SELECT EXISTS (SELECT FROM {})", identity_server::qualified(current, "users")))
        .boolean(0, 0);
}

std::string creation(const std::string& id) {
    return fmt::format("tti-lw-stack is-db create-tenant --id={}", id);
}

// Others, none of that ID, and nobody in its place: the IDs were meant to be the same.
Finding differs(const Values& values, const std::vector<std::string>& ids) {
    const auto& id = values.text(default_setting);
    return {Severity::error,
            fmt::format("No tenant has the ID of {}, so nobody can log in where no tenant is named.",
                        default_setting),
            fmt::format("{}; registered: {}", shown(values, default_setting), util::join(ids, ", ")),
            ids.size() == 1 ? setting(fmt::format("Set {} to {}.", default_setting, ids.front()),
                                      "IDs of tenants can never be changed.")
                            : command(creation(id))};
}

void look_at_default(IdentityServer& server, Findings& found) {
    const auto& values = server.values;
    const auto& id = values.text(default_setting);
    if (const auto right = identity_server::check_tenant_id(id); !right) {
        found.push_back({Severity::error, "The default tenant has an ID that no tenant can have.",
                         fmt::format("{}: {}", shown(values, default_setting), right.error()),
                         setting(fmt::format("Correct {}.", default_setting))});
        return;
    }
    const auto ids = registered_ids(server);
    if (std::ranges::find(ids, id) != ids.end()) return;
    if (!ids.empty() && !is_of_default(server)) {
        found.push_back(differs(values, ids));
    } else if (values.given(default_setting) || !values.list("tenancy.base-domains").empty()) {
        found.push_back({Severity::warning, "No tenant is registered under the ID that the settings expect.",
                         ids.empty() ? shown(values, default_setting) + "; no tenant is registered"
                                     : fmt::format("{}; registered: {}", shown(values, default_setting),
                                                   util::join(ids, ", ")),
                         command(creation(id))});
    }
}

void look_at_network(const Values& values, Findings& found) {
    constexpr auto name = "is.network.tenant-id";
    const auto& id = values.text(name);
    if (id.empty() || id == values.text(default_setting)) return;
    found.push_back(
        {Severity::warning, "The network calls itself by the ID of another tenant.",
         fmt::format("{}, {}", shown(values, name), shown(values, default_setting)),
         setting(fmt::format("Set {} to {}, or leave it out.", name, values.text(default_setting)))});
}

Finding without_schema(const Tenant& tenant) {
    return {Severity::error, fmt::format("Tenant {} is registered, and its schema is gone.", tenant.id),
            fmt::format("there is no schema {}", tenant.schema),
            statement(
                fmt::format("CREATE SCHEMA {};", postgres::quote_identifier(tenant.schema)),
                fmt::format("Then tti-lw-stack is-db migrate --tenant-id={} makes its tables, without rows; "
                            "restore the schema from a backup where there is one.",
                            tenant.id))};
}

void look_at_schema(const TenantRecord& record, const identity_server::SchemaState& state, Findings& found) {
    const auto& tenant = record.tenant;
    if (!state.schema_exists) {
        found.push_back(without_schema(tenant));
    } else if (state.layout() != Layout::migrated) {
        found.push_back({Severity::note, fmt::format("Tenant {} was not looked at further.", tenant.id),
                         fmt::format("schema {} does not have today's tables", tenant.schema),
                         command("tti-lw-stack is-db status", "It tells what is due.")});
    }
    if (record.state != State::approved) {
        found.push_back({Severity::note,
                         fmt::format("Tenant {} is not approved, so its users cannot work.", tenant.id),
                         fmt::format("state = {}{}{}", identity_server::describe(record.state),
                                     record.state_description.empty() ? "" : ": ", record.state_description),
                         statement(fmt::format("UPDATE tti.tenants SET state = 1 WHERE tenant_id = {};",
                                               postgres::quote_literal(tenant.id)),
                                   "If it was not done on purpose.")});
    }
}

}  // namespace

Findings check_tenants(IdentityServer& server) {
    Findings found;
    look_at_default(server, found);
    look_at_network(server.values, found);
    const auto states =
        identity_server::read_states(server.session.connection(), server.session.all_tenants());
    for (const auto& record : server.session.tenants().tenants()) {
        look_at_schema(record, states.at(record.tenant.schema), found);
    }
    return found;
}

}  // namespace tti::doctor
