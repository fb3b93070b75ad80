#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "operation/plan.hpp"

namespace tti::identity_server {

// A question about rows, asked while planning: `sql` gives one row, a number and a sample as text, and runs
// with the tenant's schema as search_path.
struct RowCheck {
    std::string_view what;  // "e-mail addresses used by more than one user"
    std::string_view sql;
    std::string_view table;  // asked only where this table exists
};

// An index that a migration replaces. On a table with rows it is built beside the old one, then swapped by
// name.
struct IndexSwap {
    std::string_view table;
    std::string_view index;
    std::string_view up;  // what follows "CREATE UNIQUE INDEX NAME ON TABLE "
    std::string_view down;
};

// One of the stack's migrations, by the names under which bun keeps it.
struct Migration {
    std::string_view name;     // digits only
    std::string_view comment;  // for people, and in file names
    std::string_view what;
    operation::Lock lock = operation::Lock::table;
    bool reversible = true;  // there is a way down that brings back what the way up removed
    std::optional<IndexSwap> swap = {};
    std::span<const RowCheck> up_fails_on = {};
    std::span<const RowCheck> up_loses = {};
    std::span<const RowCheck> down_fails_on = {};
    std::span<const RowCheck> down_loses = {};

    [[nodiscard]] std::string full_name() const;  // "20220701140000_update_email_index"
};

// All, ascending.
std::span<const Migration> migrations();
// By digits or by full name; nullptr where there is none.
const Migration* find_migration(std::string_view name);

// The SQL of either direction; empty where there is none.
std::string_view up_sql(const Migration& migration);
std::string_view down_sql(const Migration& migration);
// What the first migration does to a database of release 3.19, which has the tables already.
std::string_view up_sql_from_3_19();

// The register's own migration (schema tti).
std::string_view register_sql();
inline constexpr std::string_view register_migration = "20261122000000";

}  // namespace tti::identity_server
