#include "doctor/oauth_client.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "doctor/redirect_uris.hpp"
#include "doctor/shell_word.hpp"
#include "settings/bad_value.hpp"

namespace tti::doctor {
namespace {

using identity_server::Locking;

constexpr std::array applications{
    OAuthApplication{"Command Line Interface", "", "", "", ""},
    OAuthApplication{"Console", "/console", "console.oauth.client-id", "console.oauth.client-secret",
                     "console.ui.canonical-url"},
    OAuthApplication{"Network Operations Center", "/noc", "noc.oauth.client-id", "noc.oauth.client-secret",
                     "noc.ui.canonical-url", "noc.store.database-uri"},
};

std::string tenant_argument(const identity_server::Tenant& tenant) {
    return tenant.is_default ? "" : fmt::format("--tenant-id={} ", tenant.id);
}

}  // namespace

std::string OAuthApplication::client_id(const settings::Values& values) const {
    return id_setting.empty() ? "cli" : values.text(id_setting);
}

std::vector<OAuthApplication> oauth_applications(const settings::Values& values) {
    std::vector<OAuthApplication> there;
    std::ranges::copy_if(applications, std::back_inserter(there), [&](const OAuthApplication& application) {
        return application.only_with.empty() || !values.secret(application.only_with).empty();
    });
    return there;
}

std::string RegisteredClient::command(const std::vector<std::string>& words) const {
    auto text =
        fmt::format("tti-lw-stack is-db create-oauth-client {}{}", tenant_argument, shell_word("--id=" + id));
    for (const auto& word : words) text += " " + shell_word(word);
    return text;
}

std::vector<RegisteredClient> registered_clients(IdentityServer& server) {
    auto& connection = server.session.connection();
    const bool has_register = server.session.tenants().exists();
    std::vector<RegisteredClient> clients;
    for (const auto& application : oauth_applications(server.values)) {
        const auto id = application.client_id(server.values);
        if (has_register) {
            if (auto row = identity_server::read_register_client(connection, id, Locking::none)) {
                clients.push_back({application, id, "--tenant-id=NULL ", "all tenants", "", std::move(row)});
                continue;
            }
        }
        for (const auto& tenant : server.tenants) {
            clients.push_back({application, id, tenant_argument(tenant), "tenant " + tenant.id,
                               identity_server::qualified(tenant, "clients"),
                               identity_server::read_tenant_client(connection, tenant, id, Locking::none)});
        }
    }
    return clients;
}

std::string secret_word(const OAuthApplication& application) {
    if (application.is_public()) return "--no-secret";
    return "--secret-from=env:" + settings::environment_name(std::string(application.secret_setting));
}

std::string secret_remark(const OAuthApplication& application, const settings::Values& values) {
    const bool is_in_variable = application.is_public() || values.source(application.secret_setting).origin ==
                                                               settings::Origin::environment;
    if (is_in_variable) return {};
    return fmt::format("Put the value of {} into that variable first.", application.secret_setting);
}

std::vector<settings::Option> cluster_options() {
    return {{.name = "domain",
             .description = "domain of the cluster, which redirect URIs are compared with; that of "
                            "console.ui.canonical-url when left out",
             .value_name = "HOST"},
            {.name = "secondary-cluster",
             .type = settings::Type::boolean,
             .description = "the cluster's Identity Server is that of another cluster, so its clients have "
                            "whole URIs alone",
             .default_text = "false"}};
}

void require_domain(const settings::Values& values) {
    if (!values.given("domain")) return;
    if (const auto right = check_domain(values.text("domain")); !right) {
        throw settings::bad_value(values, "domain", settings::in_quotes(values.text("domain")), right.error(),
                                  "Give the domain alone, such as --domain=eu1.example.com.");
    }
}

}  // namespace tti::doctor
