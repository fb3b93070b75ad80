#include "backup/tenant_register.hpp"

#include <array>
#include <map>

#include <fmt/format.h>

#include "util/error.hpp"

namespace tti::backup {
namespace {

using nlohmann::json;

struct Table {
    const char* name;
    const char* id;
    std::vector<json> RegisterRows::*rows;
};
constexpr std::array tables{Table{"tti.tenants", "tenant_id", &RegisterRows::tenants},
                            Table{"tti.clients", "client_id", &RegisterRows::clients}};

bool exists(postgres::Connection& connection, const Table& table) {
    return !connection.query("SELECT to_regclass($1)", {std::string(table.name)}).is_null(0, 0);
}

std::vector<json> read_rows(postgres::Connection& connection, const Table& table) {
    std::vector<json> rows;
    if (!exists(connection, table)) return rows;
    connection.execute("SET TimeZone TO 'UTC'");  // times have the same text everywhere
    const auto result = connection.execute(
        fmt::format("SELECT to_jsonb(t) FROM {} t ORDER BY {} COLLATE \"C\"", table.name, table.id));
    for (int row = 0; row < result.rows(); ++row) rows.push_back(json::parse(result.text(row, 0)));
    return rows;
}

std::string id_of(const json& row, const Table& table) {
    return row.at(table.id).get<std::string>();
}

void upsert(postgres::Connection& connection, const Table& table, const json& row) {
    std::string values;
    for (const auto& [column, value] : row.items()) {
        const auto quoted = postgres::quote_identifier(column);
        values += fmt::format("{}{} = EXCLUDED.{}", values.empty() ? "" : ", ", quoted, quoted);
    }
    connection.query(
        fmt::format("INSERT INTO {0} SELECT * FROM jsonb_populate_record(NULL::{0}, $1::jsonb) ON "
                    "CONFLICT ({1}) DO UPDATE SET {2}",
                    table.name, table.id, values),
        {row.dump()});
}

}  // namespace

RegisterRows read_register(postgres::Connection& connection, const std::string& tenant_id) {
    RegisterRows rows;
    for (const auto& table : tables) rows.*table.rows = read_rows(connection, table);
    if (tenant_id.empty()) return rows;
    rows.clients.clear();
    std::erase_if(rows.tenants, [&](const json& row) { return id_of(row, tables[0]) != tenant_id; });
    return rows;
}

std::string register_text(const RegisterRows& rows) {
    return json{{"tenants", rows.tenants}, {"clients", rows.clients}}.dump(2) + "\n";
}

RegisterRows parse_register(const std::string& text) {
    try {
        const auto data = json::parse(text);
        RegisterRows rows{data.at("tenants"), data.at("clients")};
        for (const auto& table : tables) {
            for (const auto& row : rows.*table.rows) static_cast<void>(id_of(row, table));
        }
        return rows;
    } catch (const json::exception& error) {
        throw UsageError(fmt::format("the register of the archive cannot be read ({})", error.what()),
                         "Take another copy of the archive.");
    }
}

RegisterComparison compare_register(postgres::Connection& connection, const RegisterRows& rows) {
    RegisterComparison comparison;
    for (const auto& table : tables) {
        std::map<std::string, json> there;
        for (auto& row : read_rows(connection, table)) there.emplace(id_of(row, table), std::move(row));
        for (const auto& row : rows.*table.rows) {
            const auto found = there.find(id_of(row, table));
            if (found == there.end()) {
                ++comparison.missing;
            } else if (found->second != row) {
                comparison.other.push_back(found->first);
            }
        }
    }
    return comparison;
}

void write_register(postgres::Connection& connection, const RegisterRows& rows) {
    postgres::Transaction transaction(connection);
    for (const auto& table : tables) {
        for (const auto& row : rows.*table.rows) upsert(connection, table, row);
    }
    transaction.commit();
}

}  // namespace tti::backup
