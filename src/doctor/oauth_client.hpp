#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/check.hpp"
#include "identity_server/oauth_client.hpp"

namespace tti::doctor {

// A part of the stack that logs in by OAuth, and the settings that say how.
struct OAuthApplication {
    std::string_view name;            // of its client
    std::string_view mount;           // where its page is unless its address says so; empty: it has no page
    std::string_view id_setting;      // empty: the ID is "cli"
    std::string_view secret_setting;  // empty: a public client
    std::string_view url_setting;
    std::string_view only_with = {};  // it is there where this setting has a value

    [[nodiscard]] std::string client_id(const settings::Values& values) const;
    [[nodiscard]] bool is_public() const { return secret_setting.empty(); }
};
// CLI and Console, and the Network Operations Center where the settings name its database.
std::vector<OAuthApplication> oauth_applications(const settings::Values& values);

// Its client in one tenant, or in all of them.
struct RegisteredClient {
    OAuthApplication application;
    std::string id;
    std::string tenant_argument;  // "--tenant-id=NULL "; empty: the default tenant
    std::string where;            // "tenant acme", "all tenants"
    std::string table;            // quoted; empty: the register's
    std::optional<identity_server::ClientRow> row;

    [[nodiscard]] bool is_for_all() const { return table.empty(); }
    // "tti-lw-stack is-db create-oauth-client --tenant-id=… --id=…", and the words that follow.
    [[nodiscard]] std::string command(const std::vector<std::string>& words) const;
};
// Of all applications: the register's client stands for those of the tenants.
std::vector<RegisteredClient> registered_clients(IdentityServer& server);

// --secret-from or --no-secret for that application, and what the operator has to do for it first.
std::string secret_word(const OAuthApplication& application);
std::string secret_remark(const OAuthApplication& application, const settings::Values& values);

// --domain and --secondary-cluster, which decide what URIs a client has to have.
std::vector<settings::Option> cluster_options();
// Throws UsageError for a --domain that is none.
void require_domain(const settings::Values& values);

}  // namespace tti::doctor
