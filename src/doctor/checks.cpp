#include <array>

#include "doctor/check.hpp"

namespace tti::doctor {

std::string_view needs(const Check& check) {
    static constexpr std::array<std::string_view, std::variant_size_v<decltype(Check::examine)>> words{
        "the settings",
        "each PostgreSQL database",
        "the Identity Server",
        "the Storage Integration",
        "the Network Operations Center",
        "each Redis"};
    return words.at(check.examine.index());
}

std::span<const Check> checks() {
    static constexpr std::array all{
        Check{"passwords", "passwords and client secrets that stand in the documentation",
              "Who can reach the server can enter.", check_passwords},
        Check{"tenants", "tenants against tenancy.default-id, and their schemas",
              "Nobody can log in at a tenant that is not there.", check_tenants},
        Check{"oauth-clients", "the OAuth clients of CLI, Console and Network Operations Center",
              "A client that is missing or not approved lets nobody log in.", check_oauth_clients},
        Check{"oauth-redirects", "their redirect and logout URIs against the domain of the cluster",
              "Logging in ends with \"Invalid redirect URI\".", check_oauth_redirects},
        Check{"oauth-secrets", "the stored secrets of clients against those of the settings",
              "Logging in ends with \"Token Exchange Refused\".", check_oauth_secrets},
        Check{"admins", "admin users: that there is one, its ID, its e-mail address",
              "Without an admin nobody can administer; the Network Operations Center refuses the ID admin.",
              check_admins},
        Check{"restores", "restores of backups that have not ended", "What is there looks whole, and is not.",
              check_restores},
        Check{"postgres-version", "the version of PostgreSQL", "The stack needs PostgreSQL 14 or newer.",
              check_postgres_version},
        Check{"postgres-writable", "replicas, and settings that refuse writes",
              "Migrations and the stack itself fail at their first write.", check_postgres_writable},
        Check{"postgres-durability", "fsync, full_page_writes and synchronous_commit",
              "A crash of the machine loses what was said to be stored, or the whole database.",
              check_postgres_durability},
        Check{"postgres-connections", "the limit of connections against the pools of the stack",
              "Servers of the stack are refused when they are busy.", check_postgres_connections},
        Check{"postgres-pooler", "a connection pooler in between", "Session locks do not hold behind it.",
              check_postgres_pooler},
        Check{"postgres-clock", "the clock of PostgreSQL against that of this machine",
              "Tokens expire too early or too late.", check_postgres_clock},
        Check{"postgres-transactions", "transactions that stand open for long",
              "They hold locks, and keep dead rows from being removed.", check_postgres_transactions},
        Check{"postgres-vacuum", "autovacuum, and the age of transaction IDs",
              "Tables grow without end, and at last PostgreSQL refuses to write.", check_postgres_vacuum},
        Check{"postgres-dead-rows", "tables of many dead rows that nothing removes",
              "Every query reads them.", check_postgres_dead_rows},
        Check{"postgres-indexes", "invalid indexes", "They are kept up to date, and of no use.",
              check_postgres_indexes},
        Check{"postgres-disk", "what fills the disk unnoticed: replication slots that nobody reads",
              "PostgreSQL stops when its disk is full.", check_postgres_disk},
        Check{"timescaledb", "the extension TimescaleDB: version, licence, background workers",
              "Without its jobs nothing is removed, and aggregates stand still.", check_timescaledb},
        Check{"storage-retention", "how stored messages are kept",
              "A policy that drops nothing fills the disk; one that drops everything loses it.",
              check_storage_retention},
        Check{"noc-retention", "how events of the Network Operations Center are kept",
              "The same, and figures that stand still.", check_noc_retention},
        Check{"redis-version", "the version of Redis, and cluster mode",
              "The stack needs Redis 6.2 or newer, and does not work with Redis Cluster.",
              check_redis_version},
        Check{"redis-eviction", "whether Redis removes keys when its memory is full",
              "Device sessions go, and the devices have to join again.", check_redis_eviction},
        Check{"redis-persistence", "whether Redis keeps its data over a restart",
              "Device sessions are lost when it stops.", check_redis_persistence},
        Check{"redis-memory", "how much memory is left", "A full Redis refuses writes.", check_redis_memory},
        Check{"redis-replication", "replicas: whether they follow, and whether the settings name one",
              "A replica refuses writes; one that lags loses them in a fail-over.", check_redis_replication},
        Check{"redis-namespace", "redis.namespace and redis.database against the keys that are there",
              "The stack finds none of its devices, and begins anew.", check_redis_name_space},
        Check{"redis-sharing", "caches and events in the Redis of the sessions",
              "They compete for the same memory.", check_redis_sharing},
        Check{"redis-clock", "the clock of Redis against that of this machine",
              "Downlinks are sent too early or too late.", check_redis_clock},
    };
    return all;
}

}  // namespace tti::doctor
