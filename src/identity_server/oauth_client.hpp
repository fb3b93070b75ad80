#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "identity_server/accounts.hpp"
#include "identity_server/row_change.hpp"
#include "util/secret.hpp"

namespace tti::identity_server {

enum class SecretChange {
    keep,   // a new client gets a generated one
    given,  // kept where the stored hash is of this one
    generate,
    none,  // a public client
};

// What was asked for, checked. What is absent stays as it is.
struct ClientRequest {
    std::string tenant_id;  // empty: the one that the database URI names
    std::string id;
    std::optional<std::string> name;
    std::optional<std::string> owner;
    SecretChange secret_change = SecretChange::keep;
    Secret secret;  // with SecretChange::given
    std::optional<std::vector<std::string>> redirect_uris;
    std::optional<std::vector<std::string>> logout_redirect_uris;
    std::optional<bool> authorized;
    std::optional<bool> endorsed;
};

// A row of a clients table: a tenant's, or the register's.
struct ClientRow {
    std::string id;  // clients.id; empty in the register
    bool deleted = false;
    std::string name;
    std::optional<std::string> secret;  // its hash
    std::vector<std::string> redirect_uris;
    std::vector<std::string> logout_redirect_uris;
    std::string state;
    bool skip_authorization = false;
    bool endorsed = false;
    std::string grants;  // as PostgreSQL writes arrays
    std::string rights;
};

std::optional<ClientRow> read_tenant_client(postgres::Connection& connection, const Tenant& tenant,
                                            const std::string& client_id, Locking locking);
std::optional<ClientRow> read_register_client(postgres::Connection& connection, const std::string& client_id,
                                              Locking locking);

// What has to be written, and the secret to show when it was generated for that.
struct ClientChange {
    RowChange row;
    bool shows_generated = false;
};
// For a client that is not there yet. `generated` becomes its secret when none was asked for.
ClientChange new_client(const ClientRequest& request, const Secret& generated);
ClientChange client_difference(const ClientRow& row, const ClientRequest& request, const Secret& generated);

// The membership that gives the owner RIGHT_CLIENT_ALL on the client. Nothing in the tables keeps it from
// being there twice, so the rows of client and owner have to be locked.
bool owner_missing(postgres::Connection& connection, const Tenant& tenant, const Account& owner,
                   const std::string& client_row_id);
void write_owner(postgres::Connection& connection, const Tenant& tenant, const Account& owner,
                 const std::string& client_row_id);

}  // namespace tti::identity_server
