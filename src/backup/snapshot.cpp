#include "backup/snapshot.hpp"

#include <span>

#include <fmt/format.h>

#include "backup/schema_content.hpp"

namespace tti::backup {

namespace {

// A lock on a hypertable or a continuous aggregate is one on its chunks.
std::string lock_statements(postgres::Connection& connection, const std::vector<std::string>& schemas) {
    if (!has_timescaledb(connection)) return {};
    const auto rows = connection.query(
        "SELECT coalesce(string_agg(format('LOCK TABLE %I.%I IN ACCESS SHARE MODE', s, n), '; '), '') FROM "
        "(SELECT "
        "hypertable_schema, hypertable_name FROM timescaledb_information.hypertables UNION ALL SELECT "
        "view_schema, view_name FROM timescaledb_information.continuous_aggregates) AS kept (s, n) WHERE s = "
        "ANY ($1::text[])",
        {postgres::array_literal(std::span(schemas))});
    return std::string(rows.text(0, 0));
}

// What was set for the transaction, as statements.
std::string settings_of(postgres::Connection& connection) {
    return std::string(
        connection
            .execute("SELECT coalesce(string_agg(format('SET LOCAL %I TO %L', name, setting), '; '), "
                     "'SELECT') FROM "
                     "pg_settings WHERE source = 'session' AND name NOT LIKE 'transaction%' AND name <> "
                     "'search_path'")
            .text(0, 0));
}

// A transaction sees what was there at its first query, and no lock is one: so it is begun anew.
void lock_before_snapshot(postgres::Connection& connection, const std::vector<std::string>& schemas) {
    const auto locks = lock_statements(connection, schemas);
    if (locks.empty()) return;
    const auto settings = settings_of(connection);
    const auto search_path = std::string(connection.execute("SHOW search_path").text(0, 0));
    connection.execute(
        fmt::format("COMMIT; BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; {}; SET LOCAL "
                    "search_path TO {}; SET LOCAL "
                    "lock_timeout TO '60s'; {}",
                    settings, search_path.empty() ? "''" : search_path, locks));
}

}  // namespace

Snapshot::Snapshot(postgres::Connection& connection, const std::vector<std::string>& schemas)
    : connection_(connection) {
    lock_before_snapshot(connection, schemas);
    // It waits while pg_dump works.
    connection.execute("SET LOCAL idle_in_transaction_session_timeout TO 0");
    const auto row = connection.execute(
        "SELECT pg_export_snapshot(), current_setting('server_version_num')::int, "
        "split_part(current_setting('server_version'), ' ', 1), "
        "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')");
    id_ = row.text(0, 0);
    database_.address = connection.uri().display();
    database_.server_version = static_cast<int>(row.integer(0, 1));
    database_.server_version_text = row.text(0, 2);
    database_.taken_at = row.text(0, 3);
}

std::vector<std::string> needed_extensions(postgres::Connection& connection, const std::string& schema) {
    const auto rows = connection.query(
        "WITH own AS (SELECT 'pg_class'::regclass AS class, oid FROM pg_class WHERE relnamespace = "
        "to_regnamespace($1) "
        "UNION ALL SELECT 'pg_attrdef'::regclass, d.oid FROM pg_attrdef d JOIN pg_class c ON c.oid = "
        "d.adrelid "
        "WHERE relnamespace = to_regnamespace($1) "
        "UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE pronamespace = to_regnamespace($1)), "
        "needed AS (SELECT m.refobjid AS oid FROM own JOIN pg_depend d ON d.classid = own.class AND d.objid "
        "= own.oid "
        "AND d.deptype <> 'e' JOIN pg_depend m ON m.classid = d.refclassid AND m.objid = d.refobjid AND "
        "m.deptype = 'e') "
        "SELECT extname FROM pg_extension WHERE (oid IN (SELECT oid FROM needed) "
        "OR extnamespace = to_regnamespace($1)) AND extname <> 'timescaledb' ORDER BY 1",
        {postgres::quote_identifier(schema)});
    std::vector<std::string> names;
    names.reserve(static_cast<std::size_t>(rows.rows()));
    for (int row = 0; row < rows.rows(); ++row) names.emplace_back(rows.text(row, 0));
    return names;
}

}  // namespace tti::backup
