#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "identity_server/tenant.hpp"
#include "postgres/connection.hpp"

namespace tti::identity_server {

// OAuth clients that are valid for all tenants are kept in tti.clients, and copied into every tenant's
// schema.
inline constexpr const char* register_clients = "tti.clients";

// Writes every client of the register into the tenant's schema, which has its tables. One of the same ID that
// is there already takes the register's values; a deleted one stays deleted. The caller holds the
// transaction.
void write_global_clients(postgres::Connection& connection, const Tenant& tenant);

// Writes one client of the register into the tenants; how many of them changed.
std::int64_t write_global_client(postgres::Connection& connection, const std::vector<Tenant>& tenants,
                                 const std::string& client_id);

// How the client stands in a tenant, compared with the register.
struct ClientCopy {
    bool present = false;
    bool deleted = false;  // softly: the ID is taken
    bool differs = false;  // false where neither has it
};
// In the order of `tenants`. The register's tables have to be there.
std::vector<ClientCopy> read_copies(postgres::Connection& connection, const std::vector<Tenant>& tenants,
                                    const std::string& client_id);

}  // namespace tti::identity_server
