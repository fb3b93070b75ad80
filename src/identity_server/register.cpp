#include "identity_server/register.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "identity_server/migrations.hpp"
#include "postgres/create_if_missing.hpp"
#include "postgres/migrator.hpp"

namespace tti::identity_server {
namespace {

constexpr std::array state_names{"requested", "approved", "rejected", "flagged", "suspended"};

std::map<std::string, std::string> attributes_from(std::string_view json) {
    if (json.empty()) return {};
    return nlohmann::json::parse(json).get<std::map<std::string, std::string>>();
}

TenantRecord record_from(const postgres::Result& rows, int row) {
    const auto text = [&](int column) { return std::string(rows.text(row, column)); };
    TenantRecord record{.tenant = {text(0), text(1), false},
                        .name = text(2),
                        .description = text(3),
                        .state = static_cast<State>(rows.integer(row, 4)),
                        .state_description = text(5),
                        .attributes = attributes_from(rows.text(row, 6)),
                        .created_at = text(7),
                        .updated_at = text(8)};
    for (std::size_t limit = 0; limit < limit_columns.size(); ++limit) {
        const int column = 9 + static_cast<int>(limit);
        if (!rows.is_null(row, column)) record.limits[limit_columns.at(limit)] = text(column);
    }
    return record;
}

}  // namespace

std::string schema_for(std::string_view tenant_id) {
    std::string schema = "tenant_" + std::string(tenant_id);
    std::ranges::replace(schema, '-', '_');
    return schema;
}

std::string_view describe(State state) {
    return state_names.at(static_cast<std::size_t>(state));
}

std::optional<State> parse_state(std::string_view text) {
    const auto found = std::ranges::find(state_names, text);
    if (found == state_names.end()) return {};
    return static_cast<State>(found - state_names.begin());
}

Register::Register(postgres::Connection& connection, std::string default_id, std::string current_schema) {
    exists_ = !connection.execute("SELECT to_regclass('tti.tenants')").is_null(0, 0);
    if (exists_) read(connection);
    auto registered = std::ranges::find_if(
        tenants_, [&](const TenantRecord& record) { return record.tenant.id == default_id; });
    const auto by_schema = std::ranges::find_if(
        tenants_, [&](const TenantRecord& record) { return record.tenant.schema == current_schema; });
    // The URI names another tenant's schema: that tenant is what the command is about.
    const std::string current_id = by_schema == tenants_.end() ? default_id : by_schema->tenant.id;
    if (registered == tenants_.end() && by_schema == tenants_.end()) {
        tenants_.push_back({.tenant = {std::move(default_id), std::move(current_schema), true}});
    } else if (registered != tenants_.end()) {
        registered->tenant.is_default = true;
    }
    std::ranges::stable_sort(tenants_, [](const TenantRecord& left, const TenantRecord& right) {
        return std::pair(!left.tenant.is_default, left.tenant.id) <
               std::pair(!right.tenant.is_default, right.tenant.id);
    });
    const auto current =
        std::ranges::find_if(tenants_, [&](const auto& record) { return record.tenant.id == current_id; });
    current_ = static_cast<std::size_t>(current - tenants_.begin());
}

void Register::read(postgres::Connection& connection) {
    std::string limits;
    for (const auto* column : limit_columns) limits += fmt::format(", {}", column);
    const auto rows = connection.execute(
        fmt::format("SELECT tenant_id, schema_name, name, description, state, state_description, attributes, "
                    "to_char(created_at, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), to_char(updated_at, "
                    "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'){} "
                    "FROM tti.tenants ORDER BY tenant_id",
                    limits));
    for (int row = 0; row < rows.rows(); ++row) tenants_.push_back(record_from(rows, row));
}

const TenantRecord* Register::find(std::string_view id) const {
    const auto found =
        std::ranges::find_if(tenants_, [id](const auto& record) { return record.tenant.id == id; });
    return found == tenants_.end() ? nullptr : &*found;
}

void create_register(postgres::Connection& connection) {
    if (!connection.execute("SELECT to_regclass('tti.tenants')").is_null(0, 0)) return;
    postgres::create_if_missing(connection, "CREATE SCHEMA IF NOT EXISTS tti");
    postgres::create_bookkeeping(connection, "tti");
    postgres::Transaction transaction(connection);
    connection.execute(register_sql());
    postgres::mark_applied(connection, "tti", std::string(register_migration), 1);
    transaction.commit();
}

}  // namespace tti::identity_server
