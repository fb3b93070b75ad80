#include <fmt/format.h>

#include "doctor/check.hpp"
#include "doctor/postgres_judgement.hpp"

namespace tti::doctor {
namespace {

// Shorter, and a plan that waits for an answer at the terminal loses its connection.
constexpr std::int64_t shortest_timeout_ms = 60'000;

// A transaction that works, such as that of a backup, may take longer than one that waits for nothing.
constexpr int work_factor = 12;

std::string seconds_text(std::chrono::nanoseconds span) {
    return fmt::format("{} seconds", std::chrono::duration<double>(span).count());
}

Findings check_idle_timeout(PostgresDatabase& database) {
    const auto row = database.connection.execute(
        "SELECT setting, current_setting(name) FROM pg_settings WHERE name = "
        "'idle_in_transaction_session_timeout'");
    const auto timeout = row.integer(0, 0);
    if (timeout == 0 || timeout >= shortest_timeout_ms) return {};
    return {{Severity::warning,
             "Transactions that pause end soon: a command that waits for an answer loses its connection.",
             fmt::format("idle_in_transaction_session_timeout = {}", row.text(0, 1)),
             statement("ALTER SYSTEM SET idle_in_transaction_session_timeout = '5min'; SELECT "
                       "pg_reload_conf();",
                       "Or for the database or role that has it.")}};
}

Findings check_autovacuum(PostgresDatabase& database) {
    Findings found;
    for (const std::string name : {"autovacuum", "track_counts"}) {
        if (database.connection.query("SELECT current_setting($1)", {name}).text(0, 0) == "on") continue;
        found.push_back({Severity::error,
                         "Autovacuum does not run, so dead rows stay and transaction IDs run out.",
                         fmt::format("{} = off", name),
                         statement(fmt::format("ALTER SYSTEM SET {} = on; SELECT pg_reload_conf();", name),
                                   "On a managed server such as Aurora, in its parameter group.")});
    }
    const auto tables = database.connection.execute(
        "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind IN ('r', 'm') AND c.reloptions && "
        "'{autovacuum_enabled=false,autovacuum_enabled=off}' ORDER BY 1 LIMIT 10");
    for (int row = 0; row < tables.rows(); ++row) {
        found.push_back(
            {Severity::warning, "Autovacuum passes this table over.",
             fmt::format("{} has autovacuum_enabled = false", tables.text(row, 0)),
             statement(fmt::format("ALTER TABLE {} RESET (autovacuum_enabled);", tables.text(row, 0)))});
    }
    return found;
}

}  // namespace

Findings check_postgres_transactions(PostgresDatabase& database) {
    auto found = check_idle_timeout(database);
    const auto idle_for = database.values.duration("transaction-age");
    const auto rows = database.connection.query(
        "SELECT pid, coalesce(usename, ''), coalesce(application_name, ''), state, "
        "date_trunc('second', clock_timestamp() - CASE WHEN state LIKE 'idle in transaction%' THEN "
        "state_change ELSE xact_start END)::text "
        "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND "
        "((state LIKE 'idle in transaction%' AND state_change < clock_timestamp() - $1::interval) OR "
        "xact_start < clock_timestamp() - $2::interval) ORDER BY xact_start LIMIT 10",
        {seconds_text(idle_for), seconds_text(idle_for * work_factor)});
    for (int row = 0; row < rows.rows(); ++row) {
        found.push_back(
            {Severity::warning, "A transaction stands open for long: it holds locks and dead rows.",
             fmt::format("process {} of role {} ({}), {} for {}", rows.text(row, 0), rows.text(row, 1),
                         rows.text(row, 2), rows.text(row, 3), rows.text(row, 4)),
             statement(fmt::format("SELECT pg_terminate_backend({});", rows.text(row, 0)),
                       "idle_in_transaction_session_timeout ends those that are forgotten.")});
    }
    return found;
}

Findings check_postgres_vacuum(PostgresDatabase& database) {
    auto found = check_autovacuum(database);
    const auto row = database.connection.execute(
        "SELECT age(datfrozenxid), current_setting('autovacuum_freeze_max_age'), datname FROM pg_database "
        "WHERE datname = current_database()");
    append(found, judge_transaction_age(row.integer(0, 0), row.integer(0, 1), row.text(0, 2)));
    return found;
}

Findings check_postgres_dead_rows(PostgresDatabase& database) {
    Findings found;
    const auto rows = database.connection.execute(
        "SELECT format('%I.%I', schemaname, relname), n_dead_tup, n_live_tup, "
        "coalesce(date_trunc('second', greatest(last_vacuum, last_autovacuum))::text, '') FROM "
        "pg_stat_user_tables ORDER BY n_dead_tup DESC LIMIT 10");
    for (int row = 0; row < rows.rows(); ++row) {
        append(found, judge_dead_rows({std::string(rows.text(row, 0)), rows.integer(row, 1),
                                       rows.integer(row, 2), std::string(rows.text(row, 3))}));
    }
    return found;
}

Findings check_postgres_indexes(PostgresDatabase& database) {
    Findings found;
    // One that is being built is invalid too.
    const auto rows = database.connection.execute(
        "SELECT format('%I.%I', n.nspname, c.relname), i.indrelid::regclass::text, c.relname ~ "
        "'_cc(new|old)[0-9]*$' FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n "
        "ON n.oid = c.relnamespace WHERE NOT i.indisvalid AND c.relkind = 'i' AND NOT EXISTS (SELECT FROM "
        "pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid) ORDER BY 1");
    for (int row = 0; row < rows.rows(); ++row) {
        const auto index = rows.text(row, 0);
        const bool left_over = rows.boolean(row, 2);
        found.push_back({left_over ? Severity::warning : Severity::error,
                         "An index was not built to its end: it costs every write, and no query uses it.",
                         fmt::format("{} of table {} is invalid", index, rows.text(row, 1)),
                         left_over ? statement(fmt::format("DROP INDEX CONCURRENTLY {};", index))
                                   : statement(fmt::format("REINDEX INDEX CONCURRENTLY {};", index),
                                               "Where rows are twice, a unique index cannot be built; the "
                                               "statement then says which.")});
    }
    return found;
}

Findings check_postgres_disk(PostgresDatabase& database) {
    Findings found;
    const auto rows = database.connection.execute(
        "SELECT slot_name, pg_size_pretty(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN "
        "pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END, restart_lsn)), "
        "quote_literal(slot_name) FROM pg_replication_slots WHERE NOT active AND restart_lsn IS NOT NULL "
        "ORDER BY 1");
    for (int row = 0; row < rows.rows(); ++row) {
        found.push_back(
            {Severity::warning,
             "A replication slot that nobody reads keeps the write-ahead log until the disk is "
             "full.",
             fmt::format("slot {} is not active and holds {}", rows.text(row, 0), rows.text(row, 1)),
             statement(fmt::format("SELECT pg_drop_replication_slot({});", rows.text(row, 2)),
                       "Or start the replica again that it is for.")});
    }
    return found;
}

Findings check_timescaledb(PostgresDatabase& database) {
    const auto rows = database.connection.execute(
        "SELECT e.extversion, coalesce(a.default_version, ''), "
        "coalesce(current_setting('timescaledb.license', true), ''), "
        "coalesce(current_setting('timescaledb.restoring', true), 'off') = 'on', "
        "current_setting('server_version_num'), "
        "coalesce(current_setting('timescaledb.max_background_workers', true), '') FROM pg_extension e "
        "LEFT JOIN pg_available_extensions a ON a.name = e.extname WHERE e.extname = 'timescaledb'");
    if (rows.empty()) return {};
    return judge_timescale({std::string(rows.text(0, 0)), std::string(rows.text(0, 1)),
                            std::string(rows.text(0, 2)), rows.boolean(0, 3),
                            static_cast<int>(rows.integer(0, 4)), std::string(rows.text(0, 5))});
}

}  // namespace tti::doctor
