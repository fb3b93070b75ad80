#include "backup/schema_content.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace tti::backup {
namespace {

constexpr std::size_t most_named = 10;

// What an extension brought is not the schema's own.
constexpr std::string_view not_of_an_extension =
    "NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = o.oid AND d.deptype = 'e')";

// The schema's own relations; an index is an extension's where its table is.
constexpr std::string_view own_relations = R"(
own AS (SELECT c.* FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid WHERE c.relnamespace = $1::oid AND NOT EXISTS
  (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = coalesce(i.indrelid, c.oid) AND d.deptype = 'e')))";

// Every definition in a schema as a line, without its owners.
constexpr std::string_view definitions_sql = R"(
SELECT md5(coalesce(string_agg(line, E'\n' ORDER BY line COLLATE "C"), '')) FROM (
SELECT format('column %s %s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
              pg_get_expr(d.adbin, d.adrelid)) AS line
  FROM own c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
UNION ALL SELECT format('relation %s %s %s', c.relname, c.relkind, pg_get_partkeydef(c.oid)) FROM own c
UNION ALL SELECT format('partition %s %s', c.relname, pg_get_expr(c.relpartbound, c.oid)) FROM own c WHERE c.relispartition
UNION ALL SELECT pg_get_indexdef(c.oid) FROM own c WHERE c.relkind IN ('i', 'I')
UNION ALL SELECT format('constraint %s %s', conrelid::regclass, pg_get_constraintdef(k.oid))
  FROM pg_constraint k JOIN own c ON c.oid = k.conrelid
UNION ALL SELECT format('constraint - %s', pg_get_constraintdef(o.oid)) FROM pg_constraint o
  JOIN pg_type y ON y.oid = o.contypid WHERE o.connamespace = $1::oid
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = y.oid AND d.deptype = 'e')
UNION ALL SELECT format('view %s %s', c.relname, pg_get_viewdef(c.oid)) FROM own c WHERE c.relkind IN ('v', 'm')
UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN own c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL SELECT pg_get_functiondef(o.oid) FROM pg_proc o WHERE o.pronamespace = $1::oid AND o.prokind IN ('f', 'p')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = o.oid AND d.deptype = 'e')
) lines)";

std::string oid_of(postgres::Connection& connection, const std::string& schema) {
    return std::string(
        connection.query("SELECT to_regnamespace($1)::oid", {postgres::quote_identifier(schema)}).text(0, 0));
}

std::string last_migration(postgres::Connection& connection, const std::string& schema) {
    const auto table = postgres::quote_identifier(schema) + ".bun_migrations";
    if (connection.query("SELECT to_regclass($1)", {table}).is_null(0, 0)) return {};
    return std::string(
        connection.execute(fmt::format("SELECT coalesce(max(name), '') FROM {}", table)).text(0, 0));
}

postgres::Result tables_of(postgres::Connection& connection, const std::string& oid) {
    return connection.query(
        fmt::format("WITH {} SELECT relname FROM own WHERE relkind = 'r' ORDER BY relname COLLATE \"C\"",
                    own_relations),
        {oid});
}

// No DROP VIEW takes them, and no CASCADE those that are made of others: hence the newest first.
void drop_continuous_aggregates(postgres::Connection& connection, const std::string& schema) {
    const auto drops = connection.query(
        "SELECT format('DROP MATERIALIZED VIEW %I.%I', view_schema, view_name) FROM "
        "timescaledb_information.continuous_aggregates WHERE view_schema = $1 ORDER BY "
        "format('%I.%I', view_schema, view_name)::regclass::oid DESC",
        {schema});
    for (int row = 0; row < drops.rows(); ++row) connection.execute(drops.text(row, 0));
}

}  // namespace

bool has_timescaledb(postgres::Connection& connection) {
    return !connection.execute("SELECT to_regclass('timescaledb_information.hypertables')").is_null(0, 0);
}

void fix_output(postgres::Connection& connection) {
    connection.execute(
        "SET LOCAL DateStyle TO 'ISO'; SET LOCAL TimeZone TO 'UTC'; SET LOCAL IntervalStyle TO 'postgres'; "
        "SET LOCAL extra_float_digits TO 1; SET LOCAL bytea_output TO 'hex'; SET LOCAL search_path TO "
        "pg_catalog; "
        "SET LOCAL statement_timeout TO 0");
}

TableContent read_rows(postgres::Connection& connection, std::string_view table, const std::string& query) {
    const auto row =
        connection.execute(fmt::format("SELECT count(*), coalesce(sum(('x' || left(md5(t::text), "
                                       "16))::bit(64)::bigint::numeric), 0) FROM ({}) t",
                                       query));
    return {std::string(table), row.integer(0, 0), std::string(row.text(0, 1))};
}

bool is_empty(postgres::Connection& connection, const std::string& schema) {
    const auto oid = oid_of(connection, schema);
    if (oid.empty()) return true;
    return connection
        .query(
            fmt::format("WITH {1} SELECT 1 FROM own UNION ALL "
                        "SELECT 1 FROM pg_proc o WHERE pronamespace = $1::oid AND {0} UNION ALL "
                        "SELECT 1 FROM pg_type o WHERE typnamespace = $1::oid AND typtype IN ('e', 'd', 'r') "
                        "AND {0} LIMIT 1",
                        not_of_an_extension, own_relations),
            {oid})
        .empty();
}

std::vector<std::string> hypertables(postgres::Connection& connection, const std::string& schema) {
    std::vector<std::string> names;
    if (!has_timescaledb(connection)) return names;
    const auto rows = connection.query(
        "SELECT hypertable_name FROM timescaledb_information.hypertables WHERE hypertable_schema = $1 ORDER "
        "BY 1",
        {schema});
    for (int row = 0; row < rows.rows(); ++row) names.emplace_back(rows.text(row, 0));
    return names;
}

SchemaContent read_content(postgres::Connection& connection, const std::string& schema,
                           const std::function<void()>& table_done) {
    SchemaContent content;
    const auto oid = oid_of(connection, schema);
    if (oid.empty()) return content;
    fix_output(connection);
    content.catalogue =
        connection.query(fmt::format("WITH {} {}", own_relations, definitions_sql), {oid}).text(0, 0);
    content.layout = last_migration(connection, schema);
    const auto tables = tables_of(connection, oid);
    for (int row = 0; row < tables.rows(); ++row) {
        const auto table = tables.text(row, 0);
        content.tables.push_back(
            read_rows(connection, table,
                      fmt::format("SELECT * FROM ONLY {}.{}", postgres::quote_identifier(schema),
                                  postgres::quote_identifier(table))));
        table_done();
    }
    return content;
}

Extent extent(postgres::Connection& connection, const std::string& schema) {
    const auto oid = oid_of(connection, schema);
    if (oid.empty()) return {};
    const auto row = connection.query(
        fmt::format("WITH {} SELECT count(*), coalesce(sum(pg_table_size(oid)), 0)::bigint FROM own "
                    "WHERE relkind = 'r'",
                    own_relations),
        {oid});
    return {row.integer(0, 0), row.integer(0, 1)};
}

std::vector<std::string> differences(const SchemaContent& archived, const SchemaContent& found,
                                     bool compare_definitions) {
    std::vector<std::string> all;
    std::map<std::string, const TableContent*> there;
    for (const auto& table : found.tables) there[table.name] = &table;
    for (const auto& table : archived.tables) {
        const auto other = there.extract(table.name);
        if (other.empty()) {
            all.push_back(fmt::format("table {} is missing", table.name));
        } else if (other.mapped()->rows != table.rows) {
            all.push_back(
                fmt::format("table {} has {} rows, not {}", table.name, other.mapped()->rows, table.rows));
        } else if (other.mapped()->digest != table.digest) {
            all.push_back(fmt::format("table {} has other values", table.name));
        }
    }
    for (const auto& [name, table] : there)
        all.push_back(fmt::format("table {} is not in the archive", name));
    if (compare_definitions && archived.catalogue != found.catalogue) {
        all.emplace_back("the definitions of tables, indexes, constraints, views or functions differ");
    }
    if (all.size() > most_named) {
        const auto more = all.size() - most_named;
        all.resize(most_named);
        all.push_back(fmt::format("and {} more", more));
    }
    return all;
}

void clear_schema(postgres::Connection& connection, const std::string& schema) {
    const auto oid = oid_of(connection, schema);
    if (oid.empty()) return;
    const auto drops =
        connection.query(fmt::format("SELECT format('DROP %s IF EXISTS %I.%I CASCADE', CASE relkind WHEN 'v' "
                                     "THEN 'VIEW' WHEN 'm' THEN "
                                     "'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN "
                                     "TABLE' WHEN 'c' THEN 'TYPE' ELSE "
                                     "'TABLE' END, $2::text, relname) FROM pg_class o WHERE relnamespace = "
                                     "$1::oid AND relkind IN ('r', 'p', "
                                     "'v', 'm', 'S', 'f', 'c') AND {0} UNION ALL "
                                     "SELECT format('DROP %s IF EXISTS %s CASCADE', CASE prokind WHEN 'p' "
                                     "THEN 'PROCEDURE' WHEN 'a' THEN "
                                     "'AGGREGATE' ELSE 'FUNCTION' END, o.oid::regprocedure) FROM pg_proc o "
                                     "WHERE pronamespace = $1::oid AND {0} "
                                     "UNION ALL SELECT format('DROP TYPE IF EXISTS %I.%I CASCADE', $2::text, "
                                     "typname) FROM pg_type o WHERE "
                                     "typnamespace = $1::oid AND typtype IN ('e', 'd', 'r') AND {0}",
                                     not_of_an_extension),
                         {oid, schema});
    postgres::Transaction transaction(connection);
    connection.execute("SET LOCAL search_path TO pg_catalog; SET LOCAL client_min_messages TO warning");
    if (has_timescaledb(connection)) drop_continuous_aggregates(connection, schema);
    for (int row = 0; row < drops.rows(); ++row) connection.execute(drops.text(row, 0));
    transaction.commit();
}

std::vector<std::string> extensions_out_of_reach(postgres::Connection& connection,
                                                 const std::vector<std::string>& wanted) {
    std::vector<std::string> missing;
    for (const auto& name : wanted) {
        const auto within_reach = connection.query(
            "SELECT 1 FROM pg_extension WHERE extname = $1 UNION ALL "
            "SELECT 1 FROM pg_available_extensions e JOIN pg_available_extension_versions v ON v.name = "
            "e.name "
            "AND v.version = e.default_version WHERE e.name = $1 AND ((SELECT rolsuper FROM pg_roles WHERE "
            "rolname = current_user) OR ((v.trusted OR NOT v.superuser) AND "
            "has_database_privilege(current_database(), 'CREATE')))",
            {name});
        if (within_reach.empty()) missing.push_back(name);
    }
    return missing;
}

std::vector<std::string> create_extensions(postgres::Connection& connection,
                                           const std::vector<std::string>& wanted) {
    std::vector<std::string> made;
    for (const auto& name : wanted) {
        if (!connection.query("SELECT 1 FROM pg_extension WHERE extname = $1", {name}).empty()) continue;
        connection.execute("CREATE EXTENSION IF NOT EXISTS " + postgres::quote_identifier(name));
        made.push_back(name);
    }
    return made;
}

}  // namespace tti::backup
