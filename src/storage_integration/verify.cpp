#include "storage_integration/verify.hpp"

#include <fmt/format.h>

#include "database/status.hpp"
#include "storage_integration/commands.hpp"
#include "storage_integration/migrations.hpp"

namespace tti::storage_integration {
namespace {

// Every column and index that the migrations leave: table, kind, name, definition.
constexpr std::string_view expected_sql = R"(
WITH expected (relation, kind, name, definition) AS (VALUES
    ('messages', 'column', 'received_at', 'timestamp with time zone not null'),
    ('messages', 'column', 'id', 'bigint not null'),
    ('messages', 'column', 'tenant_id', 'text not null'),
    ('messages', 'column', 'application_id', 'text not null'),
    ('messages', 'column', 'device_id', 'text not null'),
    ('messages', 'column', 'type', 'text not null'),
    ('messages', 'column', 'f_port', 'smallint'),
    ('messages', 'column', 'message', 'json not null'),
    ('messages', 'index', 'messages_by_device', '(tenant_id, application_id, device_id, received_at, id)'),
    ('messages', 'index', 'messages_by_application', '(tenant_id, application_id, received_at, id)'),
    ('demo_applications', 'column', 'tenant_id', 'text not null'),
    ('demo_applications', 'column', 'application_id', 'text not null'),
    ('demo_applications', 'column', 'seed', 'bigint not null'),
    ('demo_applications', 'column', 'created_at', 'timestamp with time zone not null'),
    ('demo_applications', 'index', 'demo_applications_pkey', '(tenant_id, application_id)')
), live AS (
    SELECT c.relname AS relation, 'column' AS kind, a.attname AS name,
           format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END AS definition
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE c.relnamespace = to_regnamespace($1) AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT t.relname, 'index', i.relname, substring(pg_get_indexdef(i.oid) FROM '\(.*\)$')
      FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
     WHERE t.relnamespace = to_regnamespace($1) AND x.indisvalid
)
SELECT e.relation, e.kind, e.name, e.definition, l.definition
  FROM expected e LEFT JOIN live l USING (relation, kind, name)
 WHERE l.definition IS DISTINCT FROM e.definition
 ORDER BY 1, 2, 3)";

ExitCode verify(Session& session) {
    static_cast<void>(require_tables(session));
    return database::tell_differences(session.context().reporter, differences(session));
}

}  // namespace

std::vector<std::string> differences(Session& session) {
    const auto rows =
        session.connection().query(std::string(expected_sql), {postgres::quote_identifier(session.schema())});
    std::vector<std::string> found;
    for (int row = 0; row < rows.rows(); ++row) {
        const auto live = rows.optional_text(row, 4);
        found.push_back(fmt::format("{} {} of {}: {} instead of {}", rows.text(row, 1), rows.text(row, 2),
                                    rows.text(row, 0), live.value_or("missing"), rows.text(row, 3)));
    }
    return found;
}

cli::Command verify_command() {
    return {.name = "verify",
            .summary = "Compare the live schema with what it should be, object by object",
            .description = "Additional columns, indexes and tables are no difference.",
            .settings = database_settings(),
            .examples = {{"storage-db verify", "verify the tables"}},
            .run = [](cli::Context& context) { return run_reading<Session>(context, Access::read, verify); }};
}

}  // namespace tti::storage_integration
