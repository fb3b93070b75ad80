#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tti::identity_server {

// What goes with an expired entity, as data: the same rules delete, count beforehand, and keep what an undo
// file cannot bring back out of the database. Texts are SQL; ${name} stands for a set of IDs, ${s} for the
// set's alias in a join, d for the table's, ${threshold} for the instant before which an entity must have
// been deleted.

// Rows with a column id, and what else the rules need of them.
struct IdSet {
    std::string name;
    std::string select;
};

// A column that is cleared while its row stays.
struct ClearedColumn {
    std::string column;
    std::string cleared;  // SQL: "NULL" or "''"
    std::string old;      // which of the set's columns stood there
};

// Rows d of `table` with d.column = s.key, for any s of the set, go. With a `type`, only those that name it
// beside the ID.
struct PurgeRule {
    std::string table;
    std::string set;
    std::string column;
    std::string key;
    std::string type = {};
    // With `clears` the row stays, and these columns are cleared in rows whose `column` is the key.
    std::vector<ClearedColumn> clears = {};
    std::string restored_with = {};  // "accounts.id": what must be there for the old values to come back

    std::string unless = {};  // SQL: rows that another batch of the same kind deletes

    [[nodiscard]] bool deletes() const { return clears.empty(); }
    // On the table's alias d and the set's s. An entity that is expired itself keeps its contacts until it
    // goes.
    [[nodiscard]] std::string join(const std::string& threshold) const;
};

// The column in which a table says what kind of entity an ID is of.
std::string type_column(std::string_view table);
// Tables whose rows are soft-deleted entities.
bool has_deletion_time(std::string_view table);

// A kind of entity that is soft-deleted, and everything that depends on it.
struct PurgeKind {
    std::string name;  // "applications", the table too
    std::string
        expired;  // the set ${expired}: id, name (the textual ID) and account, of all entities that may go
    std::string account_type;      // "user" or "organization"; empty: no account
    std::vector<IdSet> sets;       // each from ${expired} and the ones before it
    std::vector<PurgeRule> rules;  // in the order of deletion; the clearing ones last
};

// In the order in which the stack's own cleanup takes them.
std::span<const PurgeKind> purge_kinds();
// nullptr where there is none.
const PurgeKind* find_purge_kind(std::string_view name);

// Puts values in the place of ${name}; an unknown name is a fault of ours.
std::string expand(std::string_view text, const std::map<std::string, std::string>& values);

}  // namespace tti::identity_server
