#include <algorithm>

#include <fmt/format.h>

#include "doctor/check.hpp"
#include "doctor/clock.hpp"
#include "doctor/postgres_judgement.hpp"
#include "postgres/pooler.hpp"

namespace tti::doctor {
namespace {

constexpr std::string_view managed = "On a managed server such as Aurora, in its parameter group.";

Mend alter_system(std::string_view name, std::string_view value) {
    return statement(fmt::format("ALTER SYSTEM SET {} = {}; SELECT pg_reload_conf();", name, value),
                     std::string(managed));
}

// Takes back what the database, the role or the address sets, or sets the server's own value.
Mend back_to(PostgresDatabase& database, std::string_view name, std::string_view value) {
    const auto row = database.connection.query(
        "SELECT source, quote_ident(current_database()), quote_ident(current_user) FROM pg_settings WHERE "
        "name = $1",
        {std::string(name)});
    const auto source = row.text(0, 0);
    const auto base = row.text(0, 1);
    const auto role = row.text(0, 2);
    if (source == "database") return statement(fmt::format("ALTER DATABASE {} RESET {};", base, name));
    if (source == "user") return statement(fmt::format("ALTER ROLE {} RESET {};", role, name));
    if (source == "database user") {
        return statement(fmt::format("ALTER ROLE {} IN DATABASE {} RESET {};", role, base, name));
    }
    if (source == "client" || source == "session") {
        return setting(fmt::format("Take {} out of {}.", name, database.settings.front()));
    }
    return alter_system(name, value);
}

std::string text_of(PostgresDatabase& database, const std::string& name) {
    return std::string(database.connection.query("SELECT current_setting($1)", {name}).text(0, 0));
}

bool is_off(PostgresDatabase& database, const std::string& name) {
    return text_of(database, name) == "off";
}

// Aurora writes its pages otherwise than PostgreSQL, whatever these settings say.
bool has_storage_of_its_own(PostgresDatabase& database) {
    return database.connection.execute("SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'aurora_version')")
        .boolean(0, 0);
}

std::int64_t pool(const PostgresDatabase& database, std::string& evidence) {
    std::int64_t connections = 0;
    for (const auto& [address, size] :
         {std::pair{"is.database-uri", "is.database-max-open-conns"},
          std::pair{"noc.store.database-uri", "noc.store.max-open-connections"}}) {
        if (std::ranges::find(database.settings, address) == database.settings.end()) continue;
        connections += database.values.integer(size);
        evidence += fmt::format(", {} = {}", size, database.values.integer(size));
    }
    return connections;
}

}  // namespace

Findings check_postgres_version(PostgresDatabase& database) {
    const auto row = database.connection.execute(
        "SELECT current_setting('server_version_num'), current_setting('server_version')");
    return judge_postgres_version(static_cast<int>(row.integer(0, 0)), row.text(0, 1));
}

Findings check_postgres_writable(PostgresDatabase& database) {
    const auto& where = database.settings.front();
    if (database.connection.execute("SELECT pg_is_in_recovery()").boolean(0, 0)) {
        return {{Severity::error, fmt::format("{} names a replica, which refuses writes.", where),
                 "pg_is_in_recovery() is true", setting(fmt::format("Point {} to the primary.", where))}};
    }
    if (is_off(database, "default_transaction_read_only")) return {};
    return {{Severity::error, "PostgreSQL refuses writes by default.", "default_transaction_read_only = on",
             back_to(database, "default_transaction_read_only", "off")}};
}

Findings check_postgres_durability(PostgresDatabase& database) {
    Findings found;
    for (const std::string name : {"fsync", "full_page_writes"}) {
        if (!is_off(database, name) || has_storage_of_its_own(database)) continue;
        found.push_back({Severity::error, "A crash of the machine can destroy the database.",
                         fmt::format("{} = off", name), alter_system(name, "on")});
    }
    if (is_off(database, "synchronous_commit")) {
        found.push_back({Severity::warning,
                         "A crash loses what was said to be stored in the last moments before it.",
                         "synchronous_commit = off", back_to(database, "synchronous_commit", "on")});
    }
    return found;
}

Findings check_postgres_connections(PostgresDatabase& database) {
    const auto row = database.connection.execute(
        "SELECT current_setting('max_connections')::int - "
        "current_setting('superuser_reserved_connections')::int, "
        "(SELECT datconnlimit FROM pg_database WHERE datname = current_database()), "
        "(SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user), "
        "(SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')");
    const ConnectionLimits limits{row.integer(0, 0), row.integer(0, 1), row.integer(0, 2), row.integer(0, 3)};
    std::string pools;
    const auto wanted = pool(database, pools);
    return judge_connections(limits, wanted, pools);
}

Findings check_postgres_pooler(PostgresDatabase& database) {
    if (!postgres::behind_transaction_pooler(database.connection, database.stop)) return {};
    return {{Severity::error,
             "A connection pooler hands every transaction to another session, so session locks do not hold: "
             "two runs may work at once, and commands that write refuse to run.",
             fmt::format("statements of one connection reached several server processes through {}",
                         database.connection.uri().display()),
             setting(fmt::format("Point {} to the database server itself, or use pool_mode=session for this "
                                 "database.",
                                 database.settings.front()))}};
}

Findings check_postgres_clock(PostgresDatabase& database) {
    const auto offset = measure_clock([&database] {
        const auto row =
            database.connection.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint");
        return WallTime(std::chrono::microseconds(row.integer(0, 0)));
    });
    return judge_clock(offset, "PostgreSQL");
}

}  // namespace tti::doctor
