#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "identity_server/purge_rules.hpp"

namespace tti::identity_server {

// Rows whose owner is not there at all: what the stack's own cleanup leaves behind, and what a killed one
// does. As data: a row of `table` for which `when` holds names its owner in `column`.
struct OrphanReference {
    std::string table;
    std::string when;    // SQL on ${row}; empty: always
    std::string column;  // SQL on ${row}
    std::string owner;   // a table
    std::string match;   // SQL on ${row} and ${owner}
    // With `clears` the row stays and these columns are cleared; the first is `column`.
    std::vector<ClearedColumn> clears = {};
};

std::span<const OrphanReference> orphan_references();

// Tables with rows to delete, and references to clear, each once and in the order of the data.
std::vector<std::string> orphan_tables();
std::vector<const OrphanReference*> orphan_clearings();

struct OrphanTerms {
    std::string threshold;  // an SQL literal: a row younger than it is not an orphan yet
    // The statement has the common tables of orphan_sets(), so that owners that are orphans are found once.
    bool named_sets = false;
};

// SQL conditions on the row `alias`. They never follow from an empty list: where a table has no owner that
// stays, no row is an orphan of it.
std::string orphan_condition(std::string_view table, const std::string& alias, const OrphanTerms& terms);
std::string orphan_condition(const OrphanReference& reference, const std::string& alias,
                             const OrphanTerms& terms);
// Owners that can be orphans themselves, as sets of IDs.
std::vector<IdSet> orphan_sets(const std::string& threshold);

// Owners, and the question whether one of them stays: SQL that gives one boolean.
std::vector<std::string> orphan_owners();
std::string orphan_guard(std::string_view owner, const std::string& threshold);
// SQL that counts what is left alone when the guard of `owner` says no: table, rows.
std::string orphans_left_alone(std::string_view owner, const std::string& threshold);

}  // namespace tti::identity_server
