#pragma once

#include <string>
#include <vector>

#include "setup/deployment.hpp"

namespace tti::setup {

// One command of the program, for one thing of a deployment.
struct Action {
    std::string heading;                   // as on the page
    std::vector<std::string> arguments;    // after the program's name, secrets left out
    std::vector<std::string> secret = {};  // added to set the secret
    std::string secret_from = {};          // its reference; empty: a public client
    std::size_t secret_at = 0;             // where among the arguments, as on the page
    std::vector<std::string> keep = {};    // added instead to leave a secret that is stored as it is
    std::string what = {};                 // "make OAuth client console of all tenants as described"
    std::string undo = {};
    enum class Of { database, tenant, client, admin } of = Of::database;
    std::string id = {};         // of the tenant, client or user
    std::string tenant_id = {};  // whose tables it needs; empty: none, or all that there are

    // "is-db create-tenant acme"
    [[nodiscard]] std::string name() const;
    [[nodiscard]] bool of_identity_server() const { return arguments.front() == "is-db"; }
    [[nodiscard]] std::vector<std::string> with_secret() const;
    [[nodiscard]] std::vector<std::string> without_secret() const;
};

// In an order in which each finds what it needs: databases first, then tenants, OAuth clients and admins.
std::vector<Action> actions(const Deployment& deployment);

// The commands of the Database Operations page for it, in the page's order.
std::vector<Action> page(const Deployment& deployment);

}  // namespace tti::setup
