#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/connection.hpp"

namespace tti::postgres {

// A row of bun_migrations.
struct AppliedMigration {
    std::int64_t id = 0;
    std::string name;  // digits only: "20220701140000"
    std::int64_t group = 0;
    std::string migrated_at;
};

// bun's bookkeeping in one schema, byte for byte as bun 1.2 keeps it, so that the stack's own migrator and
// this one can take turns. `schema` is quoted by the functions.
struct Bookkeeping {
    bool tables_exist = false;
    std::vector<AppliedMigration> applied;  // by name, then id
    bool locked = false;                    // bun's own lock row is there
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] std::int64_t last_group() const;  // 0 where there is none

    // Of a list of migrations, which have a `name`: those that are not applied, in its order.
    template <typename Migration>
    [[nodiscard]] std::vector<const Migration*> due(std::span<const Migration> all) const;
    // Those that are applied and in no such list.
    template <typename Migration>
    [[nodiscard]] std::vector<AppliedMigration> unknown(std::span<const Migration> all) const;
};

// Reads the bookkeeping of many schemas in a few round trips, however many there are.
std::map<std::string, Bookkeeping> read_bookkeeping(Connection& connection,
                                                    const std::vector<std::string>& schemas);

// CREATE TABLE IF NOT EXISTS for both tables, in the schema.
std::string bookkeeping_sql(const std::string& schema);
void create_bookkeeping(Connection& connection, const std::string& schema);
// Inserts the mark; call it inside the migration's transaction, so that work and mark are one.
void mark_applied(Connection& connection, const std::string& schema, const std::string& name,
                  std::int64_t group);
void unmark(Connection& connection, const std::string& schema, const std::string& name);

template <typename Migration>
std::vector<const Migration*> Bookkeeping::due(std::span<const Migration> all) const {
    std::vector<const Migration*> result;
    for (const auto& migration : all) {
        if (!has(migration.name)) result.push_back(&migration);
    }
    return result;
}

template <typename Migration>
std::vector<AppliedMigration> Bookkeeping::unknown(std::span<const Migration> all) const {
    std::vector<AppliedMigration> result;
    for (const auto& one : applied) {
        if (std::ranges::find(all, one.name, &Migration::name) == all.end()) result.push_back(one);
    }
    return result;
}

}  // namespace tti::postgres
