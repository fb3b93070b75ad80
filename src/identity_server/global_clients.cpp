#include "identity_server/global_clients.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tti::identity_server {
namespace {

constexpr std::array copied{
    "name",  "description",       "client_secret",      "redirect_uris", "logout_redirect_uris",
    "state", "state_description", "skip_authorization", "endorsed",      "grants",
    "rights"};
// Statements in one pipeline; all their results are held until the last one.
constexpr std::size_t at_once = 100;

std::string columns_of(std::string_view alias) {
    std::vector<std::string> columns;
    columns.reserve(copied.size());
    for (const char* column : copied) {
        columns.push_back(fmt::format("{}.{}", alias, column));
    }
    return fmt::format("{}", fmt::join(columns, ", "));
}

std::string copy_statement(const Tenant& tenant, std::string_view condition) {
    std::vector<std::string> assignments;
    assignments.reserve(copied.size());
    for (const char* column : copied) {
        assignments.push_back(fmt::format("{0} = EXCLUDED.{0}", column));
    }
    return fmt::format(
        "INSERT INTO {0} AS c (created_at, updated_at, client_id, {1}) SELECT now(), now(), client_id, {1} "
        "FROM {2} {3} "
        "ON CONFLICT (client_id) DO UPDATE SET updated_at = now(), {4} "
        "WHERE c.deleted_at IS NULL AND ROW({5}) IS DISTINCT FROM ROW({6})",
        qualified(tenant, "clients"), fmt::join(copied, ", "), register_clients, condition,
        fmt::join(assignments, ", "), columns_of("c"), columns_of("EXCLUDED"));
}

// Sends a statement per tenant in bounded pipelines, and hands over each result in order.
void for_each_tenant(postgres::Connection& connection, std::span<const Tenant> tenants,
                     const std::function<postgres::Statement(const Tenant&)>& statement_for,
                     const std::function<void(const postgres::Result&)>& use) {
    for (; !tenants.empty(); tenants = tenants.subspan(std::min(at_once, tenants.size()))) {
        std::vector<postgres::Statement> statements;
        std::ranges::transform(tenants.first(std::min(at_once, tenants.size())),
                               std::back_inserter(statements), statement_for);
        std::ranges::for_each(connection.pipeline(statements), use);
    }
}

}  // namespace

void write_global_clients(postgres::Connection& connection, const Tenant& tenant) {
    // WHERE true: without it, ON CONFLICT would be read as a join's condition.
    connection.query(copy_statement(tenant, "WHERE true"), {});
}

std::int64_t write_global_client(postgres::Connection& connection, const std::vector<Tenant>& tenants,
                                 const std::string& client_id) {
    std::int64_t written = 0;
    for_each_tenant(
        connection, tenants,
        [&](const Tenant& tenant) {
            return postgres::Statement{copy_statement(tenant, "WHERE client_id = $1"), {client_id}};
        },
        [&](const postgres::Result& result) { written += result.affected(); });
    return written;
}

std::vector<ClientCopy> read_copies(postgres::Connection& connection, const std::vector<Tenant>& tenants,
                                    const std::string& client_id) {
    std::vector<ClientCopy> copies;
    const auto statement_for = [&](const Tenant& tenant) {
        return postgres::Statement{
            fmt::format("SELECT c.client_id IS NOT NULL, c.deleted_at IS NOT NULL, ROW({0}) IS DISTINCT FROM "
                        "ROW({1}) "
                        "FROM (SELECT $1::varchar AS id) k LEFT JOIN {2} c ON c.client_id = k.id "
                        "LEFT JOIN {3} g ON g.client_id = k.id",
                        columns_of("c"), columns_of("g"), qualified(tenant, "clients"), register_clients),
            {client_id}};
    };
    for_each_tenant(connection, tenants, statement_for, [&](const postgres::Result& row) {
        copies.push_back({row.boolean(0, 0), row.boolean(0, 1), row.boolean(0, 2)});
    });
    return copies;
}

}  // namespace tti::identity_server
