#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "doctor/finding.hpp"
#include "identity_server/session.hpp"
#include "network_operations_center/session.hpp"
#include "postgres/connection.hpp"
#include "redis/connection.hpp"
#include "settings/values.hpp"
#include "storage_integration/session.hpp"
#include "util/stop.hpp"

namespace tti::doctor {

// A database in PostgreSQL, whatever it holds; the connection is a read-only transaction.
struct PostgresDatabase {
    postgres::Connection& connection;
    const settings::Values& values;
    std::vector<std::string> settings;  // that hold its address
    util::Stop& stop;
};

// The Identity Server's database.
struct IdentityServer {
    identity_server::Session& session;
    const settings::Values& values;
    std::vector<identity_server::Tenant> tenants;  // those whose tables are there
};

// A Redis server, and which of "redis", "cache.redis" and "events.redis" lie there. The connection only
// reads.
struct RedisServer {
    redis::Connection& connection;
    const settings::Values& values;
    std::vector<std::string> named_by;

    // Whether it keeps what must not be lost: sessions of devices, keys, links.
    [[nodiscard]] bool is_general() const { return named_by.front() == "redis"; }
};

// What a check looks at is the argument of its function.
using OfSettings = Findings (*)(const settings::Values&);
using OfPostgres = Findings (*)(PostgresDatabase&);
using OfIdentityServer = Findings (*)(IdentityServer&);
using OfStorage = Findings (*)(storage_integration::Session&);
using OfNetworkOperationsCenter = Findings (*)(network_operations_center::Session&);
using OfRedis = Findings (*)(RedisServer&);

struct Check {
    std::string_view name;
    std::string_view looks_at;  // a phrase
    std::string_view why;       // a sentence: what goes wrong otherwise
    std::variant<OfSettings, OfPostgres, OfIdentityServer, OfStorage, OfNetworkOperationsCenter, OfRedis>
        examine;
};
// "settings", "each PostgreSQL database", …
std::string_view needs(const Check& check);

// All of them, in the order in which they are told.
std::span<const Check> checks();

// That every database can be reached is looked at by opening it.
inline constexpr std::string_view reachable = "reachable";

Findings check_passwords(const settings::Values& values);

Findings check_restores(PostgresDatabase& database);
Findings check_postgres_version(PostgresDatabase& database);
Findings check_postgres_writable(PostgresDatabase& database);
Findings check_postgres_durability(PostgresDatabase& database);
Findings check_postgres_connections(PostgresDatabase& database);
Findings check_postgres_pooler(PostgresDatabase& database);
Findings check_postgres_clock(PostgresDatabase& database);
Findings check_postgres_transactions(PostgresDatabase& database);
Findings check_postgres_vacuum(PostgresDatabase& database);
Findings check_postgres_dead_rows(PostgresDatabase& database);
Findings check_postgres_indexes(PostgresDatabase& database);
Findings check_postgres_disk(PostgresDatabase& database);
Findings check_timescaledb(PostgresDatabase& database);

Findings check_tenants(IdentityServer& server);
Findings check_oauth_clients(IdentityServer& server);
Findings check_oauth_redirects(IdentityServer& server);
Findings check_oauth_secrets(IdentityServer& server);
Findings check_admins(IdentityServer& server);

Findings check_storage_retention(storage_integration::Session& session);
Findings check_noc_retention(network_operations_center::Session& session);

Findings check_redis_version(RedisServer& server);
Findings check_redis_eviction(RedisServer& server);
Findings check_redis_persistence(RedisServer& server);
Findings check_redis_memory(RedisServer& server);
Findings check_redis_replication(RedisServer& server);
Findings check_redis_name_space(RedisServer& server);
Findings check_redis_sharing(RedisServer& server);
Findings check_redis_clock(RedisServer& server);

}  // namespace tti::doctor
