#include "doctor/postgres_judgement.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/version.hpp"
#include "postgres/capabilities.hpp"

namespace tti::doctor {
namespace {

// Of all transaction IDs; PostgreSQL refuses to write three million before the end.
constexpr std::int64_t last_age = 2'000'000'000;
// TimescaleDB for PostgreSQL 16, by the deployment guide of the stack.
constexpr Version timescale_for_16{2, 13, 1};
constexpr int postgres_16 = 160000;

// Autovacuum starts at a fifth; at half as many dead rows as living ones nothing has come for long.
constexpr std::int64_t least_dead = 10'000;
constexpr double dead_share = 0.5;

}  // namespace

Findings judge_postgres_version(int number, std::string_view text) {
    if (number >= postgres::minimum_version) return {};
    return {{Severity::error, "The server is older than the stack supports.",
             fmt::format("server_version = {}", text),
             setting(fmt::format("Upgrade the server to PostgreSQL {} or newer.",
                                 postgres::minimum_version / 10000))}};
}

std::int64_t ConnectionLimits::least() const {
    auto limit = server;
    for (const auto other : {database, role}) {
        if (other >= 0) limit = std::min(limit, other);
    }
    return limit;
}

Findings judge_connections(const ConnectionLimits& limits, std::int64_t wanted, std::string_view pools) {
    Findings found;
    const auto limit = limits.least();
    auto evidence = fmt::format("{} connections are allowed{}", limit, pools);
    if (limits.database >= 0 || limits.role >= 0) evidence += "; database or role have a limit of their own";
    const auto mend = setting(
        "Raise max_connections (and CONNECTION LIMIT of database or role where they have one), or lower the "
        "pools.");
    if (limit < wanted) {
        found.push_back({Severity::error,
                         "The pools of one instance of the stack are larger than what PostgreSQL allows.",
                         evidence, mend});
    } else if (limit < 2 * wanted) {
        found.push_back({Severity::note,
                         "Two instances of the stack, as during an update, do not fit in what PostgreSQL "
                         "allows.",
                         evidence, mend});
    }
    constexpr std::int64_t nearly_all_in_tenths = 9;
    if (limits.in_use * 10 >= limits.server * nearly_all_in_tenths) {
        found.push_back({Severity::warning, "Nearly all connections of the server are taken.",
                         fmt::format("{} of {} are in use", limits.in_use, limits.server), mend});
    }
    return found;
}

Findings judge_transaction_age(std::int64_t age, std::int64_t freeze_max_age, std::string_view database) {
    // Autovacuum begins at freeze_max_age whatever its settings; a table of that age is normal, twice is not.
    if (age < std::min(2 * freeze_max_age, last_age / 2)) return {};
    return {{age > last_age / 4 * 3 ? Severity::error : Severity::warning,
             "Vacuum does not keep up with transaction IDs; PostgreSQL refuses to write when they run out.",
             fmt::format("the oldest is {} transactions old, of {} at most; autovacuum_freeze_max_age = {}",
                         age, last_age, freeze_max_age),
             statement("VACUUM (FREEZE);",
                       fmt::format("In database {}, by its owner; long open transactions and unused "
                                   "replication slots have to end first.",
                                   database))}};
}

Findings judge_dead_rows(const DeadRows& rows) {
    if (rows.dead < least_dead ||
        static_cast<double>(rows.dead) < dead_share * static_cast<double>(rows.live))
        return {};
    return {{Severity::warning, fmt::format("Nothing removes the dead rows of {}.", rows.table),
             fmt::format("{} dead rows beside {} living ones, last vacuumed {}", rows.dead, rows.live,
                         rows.vacuumed.empty() ? "never" : rows.vacuumed),
             statement(fmt::format("VACUUM (ANALYZE) {};", rows.table))}};
}

Findings judge_timescale(const Timescale& timescale) {
    Findings found;
    const auto evidence =
        fmt::format("TimescaleDB {}, timescaledb.license = {}", timescale.installed, timescale.license);
    if (timescale.license == "apache") {
        found.push_back({Severity::note,
                         "Under this licence TimescaleDB has neither policies nor continuous aggregates, so "
                         "tables are kept as native partitions, which need a regular maintain.",
                         evidence,
                         command("tti-lw-stack storage-db maintain",
                                 "From cron, daily; noc-db maintain every five minutes. Or set "
                                 "timescaledb.license to timescale where its terms allow.")});
    }
    if (timescale.postgres >= postgres_16 && version_of(timescale.installed) < timescale_for_16) {
        found.push_back({Severity::error, "This TimescaleDB is too old for PostgreSQL 16.", evidence,
                         setting("Install TimescaleDB 2.13.1 or newer, then ALTER EXTENSION timescaledb "
                                 "UPDATE.")});
    }
    if (!timescale.available.empty() && version_of(timescale.installed) < version_of(timescale.available)) {
        found.push_back(
            {Severity::note, "The server has a newer TimescaleDB than this database uses.",
             fmt::format("installed {}, available {}", timescale.installed, timescale.available),
             statement("ALTER EXTENSION timescaledb UPDATE;", "As the first statement of a new psql -X.")});
    }
    if (timescale.workers == "0") {
        found.push_back({Severity::error,
                         "TimescaleDB may start no background worker, so none of its jobs runs: nothing is "
                         "removed, and aggregates stand still.",
                         "timescaledb.max_background_workers = 0",
                         statement("ALTER SYSTEM SET timescaledb.max_background_workers = 16;",
                                   "It holds once the server has started again. On a managed server such as "
                                   "Aurora, in its parameter group.")});
    }
    if (timescale.restoring) {
        found.push_back({Severity::error,
                         "TimescaleDB was left in the mode for restoring, in which no job runs.",
                         "timescaledb.restoring = on", statement("SELECT timescaledb_post_restore();")});
    }
    return found;
}

}  // namespace tti::doctor
