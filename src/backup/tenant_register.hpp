#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "postgres/connection.hpp"

namespace tti::backup {

// Rows of tti.tenants and tti.clients, as objects by column.
struct RegisterRows {
    std::vector<nlohmann::json> tenants;
    std::vector<nlohmann::json> clients;
    [[nodiscard]] bool empty() const { return tenants.empty() && clients.empty(); }
};

// `tenant_id` empty: all rows; else that tenant's alone, and no clients.
RegisterRows read_register(postgres::Connection& connection, const std::string& tenant_id);

std::string register_text(const RegisterRows& rows);
// Throws UsageError for what register_text() did not write.
RegisterRows parse_register(const std::string& text);

// What the database has of the rows.
struct RegisterComparison {
    std::int64_t missing = 0;
    std::vector<std::string> other;  // IDs of tenants and clients that have other values there
};
RegisterComparison compare_register(postgres::Connection& connection, const RegisterRows& rows);

// Writes the rows in one transaction, in place of others of the same ID. The register's tables are there.
void write_register(postgres::Connection& connection, const RegisterRows& rows);

}  // namespace tti::backup
