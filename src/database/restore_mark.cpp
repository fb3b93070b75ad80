#include "database/restore_mark.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "postgres/create_if_missing.hpp"

namespace tti::database {
namespace {

using operation::Area;

constexpr std::array areas{Area::identity_server, Area::storage_integration, Area::network_operations_center};

constexpr std::string_view create_sql = R"(
CREATE SCHEMA IF NOT EXISTS tti;
CREATE TABLE IF NOT EXISTS tti.restores (
    area text NOT NULL,
    archive_id text NOT NULL,
    tenant_id text NOT NULL,
    command text NOT NULL,
    begun_at timestamptz NOT NULL DEFAULT now(),
    filling text NOT NULL DEFAULT '',
    PRIMARY KEY (area, archive_id, tenant_id)
))";

// And may be read: who has no rights there is told nothing, as of the journal.
bool is_there(postgres::Connection& connection) {
    return !connection
                .execute(
                    "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = "
                    "'tti' "
                    "AND relname = 'restores' AND has_schema_privilege(n.oid, 'USAGE') AND "
                    "has_table_privilege(c.oid, 'SELECT')")
                .empty();
}

}  // namespace

std::vector<RestoreMark> restore_marks(postgres::Connection& connection) {
    std::vector<RestoreMark> marks;
    if (!is_there(connection)) return marks;
    const auto rows = connection.execute(
        "SELECT area, archive_id, tenant_id, command, to_char(begun_at AT TIME ZONE 'UTC', "
        "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), filling FROM tti.restores ORDER BY begun_at");
    for (int row = 0; row < rows.rows(); ++row) {
        const auto text = [&](int column) { return std::string(rows.text(row, column)); };
        const auto area =
            std::ranges::find(areas, text(0), [](Area one) { return operation::describe(one); });
        if (area == areas.end()) continue;
        marks.push_back({*area, text(1), text(2), text(3), text(4), text(5)});
    }
    return marks;
}

std::string describe(const RestoreMark& mark) {
    return fmt::format("a restore{}, begun at {}, has not ended",
                       mark.tenant_id.empty() ? "" : " of tenant " + mark.tenant_id, mark.begun_at);
}

void set_restore_mark(postgres::Connection& connection, const RestoreMark& mark) {
    if (!is_there(connection)) {
        connection.on_notice({});
        postgres::create_if_missing(connection, create_sql);
    }
    connection.query(
        "INSERT INTO tti.restores (area, archive_id, tenant_id, command) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (area, archive_id, tenant_id) DO UPDATE SET command = excluded.command",
        {std::string(operation::describe(mark.area)), mark.archive_id, mark.tenant_id, mark.command});
}

void set_filling(postgres::Connection& connection, const RestoreMark& mark, const std::string& schema) {
    if (!is_there(connection)) return;
    connection.query(
        "UPDATE tti.restores SET filling = $4 WHERE area = $1 AND archive_id = $2 AND tenant_id = $3",
        {std::string(operation::describe(mark.area)), mark.archive_id, mark.tenant_id, schema});
}

void remove_restore_mark(postgres::Connection& connection, const RestoreMark& mark, bool all) {
    if (!is_there(connection)) return;
    postgres::Transaction transaction(connection);
    connection.query(
        "DELETE FROM tti.restores WHERE area = $1 AND ($4::boolean OR (archive_id = $2 AND tenant_id = $3))",
        {std::string(operation::describe(mark.area)), mark.archive_id, mark.tenant_id,
         all ? "true" : "false"});
    if (connection.execute("SELECT 1 FROM tti.restores LIMIT 1").empty())
        connection.execute("DROP TABLE tti.restores");
    transaction.commit();
}

void tell_restores(postgres::Connection& connection, operation::Area area, operation::Condition& condition) {
    for (const auto& mark : restore_marks(connection)) {
        if (mark.area != area) continue;
        condition.troubles.push_back(describe(mark));
        condition.next = mark.command;
    }
}

}  // namespace tti::database
