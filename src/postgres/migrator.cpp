#include "postgres/migrator.hpp"

#include <algorithm>
#include <set>
#include <span>

#include <fmt/format.h>

namespace tti::postgres {
namespace {

// So many schemas are read by one statement.
constexpr std::size_t batch_size = 200;

std::string migrations_table(const std::string& schema) {
    return quote_identifier(schema) + ".bun_migrations";
}
std::string locks_table(const std::string& schema) {
    return quote_identifier(schema) + ".bun_migration_locks";
}

struct Existing {
    std::set<std::string> with_migrations;
    std::set<std::string> with_locks;
};

Existing find_tables(Connection& connection, const std::vector<std::string>& schemas) {
    const Result found = connection.query(
        "SELECT n.nspname, c.relname = 'bun_migrations' FROM pg_catalog.pg_class c "
        "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relname IN ('bun_migrations', 'bun_migration_locks') AND c.relkind IN ('r', 'p') "
        "AND n.nspname = ANY ($1::text[])",
        {array_literal(schemas)});
    Existing existing;
    for (int row = 0; row < found.rows(); ++row) {
        (found.boolean(row, 1) ? existing.with_migrations : existing.with_locks).emplace(found.text(row, 0));
    }
    return existing;
}

template <typename Part, typename Use>
void read_in_batches(Connection& connection, const std::set<std::string>& schemas, Part part, Use use) {
    const std::vector<std::string> names(schemas.begin(), schemas.end());
    for (std::size_t start = 0; start < names.size(); start += batch_size) {
        std::vector<std::string> parts;
        for (std::size_t i = start; i < std::min(start + batch_size, names.size()); ++i) {
            parts.push_back(part(names[i]));
        }
        const Result rows = connection.execute(fmt::format("{}", fmt::join(parts, " UNION ALL ")));
        for (int row = 0; row < rows.rows(); ++row) {
            use(rows, row);
        }
    }
}

void read_applied(Connection& connection, const std::set<std::string>& schemas,
                  std::map<std::string, Bookkeeping>& books) {
    const auto part = [](const std::string& schema) {
        return fmt::format("SELECT {}, id, name, group_id, migrated_at::text FROM {}", quote_literal(schema),
                           migrations_table(schema));
    };
    read_in_batches(connection, schemas, part, [&](const Result& rows, int row) {
        books[std::string(rows.text(row, 0))].applied.push_back(
            {rows.integer(row, 1), std::string(rows.text(row, 2)), rows.integer(row, 3),
             std::string(rows.text(row, 4))});
    });
}

void read_locks(Connection& connection, const std::set<std::string>& schemas,
                std::map<std::string, Bookkeeping>& books) {
    const auto part = [](const std::string& schema) {
        return fmt::format("SELECT {} FROM {} WHERE table_name = 'bun_migrations'", quote_literal(schema),
                           locks_table(schema));
    };
    read_in_batches(connection, schemas, part, [&](const Result& rows, int row) {
        books[std::string(rows.text(row, 0))].locked = true;
    });
}

}  // namespace

bool Bookkeeping::has(std::string_view name) const {
    // bun counts a row as applied only with a positive id.
    return std::any_of(applied.begin(), applied.end(), [&](const AppliedMigration& migration) {
        return migration.id > 0 && migration.name == name;
    });
}

std::int64_t Bookkeeping::last_group() const {
    std::int64_t group = 0;
    for (const AppliedMigration& migration : applied) {
        group = std::max(group, migration.group);
    }
    return group;
}

std::map<std::string, Bookkeeping> read_bookkeeping(Connection& connection,
                                                    const std::vector<std::string>& schemas) {
    std::map<std::string, Bookkeeping> books;
    const Existing existing = find_tables(connection, schemas);
    for (const std::string& schema : schemas) {
        books[schema].tables_exist =
            existing.with_migrations.contains(schema) && existing.with_locks.contains(schema);
    }
    read_applied(connection, existing.with_migrations, books);
    read_locks(connection, existing.with_locks, books);
    for (auto& [schema, book] : books) {
        std::sort(book.applied.begin(), book.applied.end(),
                  [](const AppliedMigration& left, const AppliedMigration& right) {
                      return std::tie(left.name, left.id) < std::tie(right.name, right.id);
                  });
    }
    return books;
}

std::string bookkeeping_sql(const std::string& schema) {
    return fmt::format(
        "-- Which migrations are applied; the stack's own migrator reads and writes it too.\n"
        "CREATE TABLE IF NOT EXISTS {} (id bigserial NOT NULL, name varchar, group_id bigint, "
        "migrated_at timestamptz NOT NULL DEFAULT current_timestamp, PRIMARY KEY (id));\n"
        "-- Has a row while the stack's own migrator works.\n"
        "CREATE TABLE IF NOT EXISTS {} (id bigserial NOT NULL, table_name varchar, PRIMARY KEY (id), "
        "UNIQUE (table_name));",
        migrations_table(schema), locks_table(schema));
}

void create_bookkeeping(Connection& connection, const std::string& schema) {
    connection.execute(bookkeeping_sql(schema));
}

void mark_applied(Connection& connection, const std::string& schema, const std::string& name,
                  std::int64_t group) {
    connection.query(fmt::format("INSERT INTO {} (name, group_id) VALUES ($1, $2)", migrations_table(schema)),
                     {name, std::to_string(group)});
}

void unmark(Connection& connection, const std::string& schema, const std::string& name) {
    connection.query(fmt::format("DELETE FROM {} WHERE name = $1", migrations_table(schema)), {name});
}

}  // namespace tti::postgres
