#include "identity_server/purge_count.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "identity_server/orphan_rules.hpp"
#include "identity_server/purge_rules.hpp"

namespace tti::identity_server {
namespace {

std::string set_name(const PurgeKind& kind, std::string_view set) {
    return fmt::format("{}_{}", kind.name, set);
}

// The sets of all kinds, computed once for the whole statement.
std::string common_tables(const std::string& threshold) {
    std::string text;
    for (const auto& kind : purge_kinds()) {
        std::map<std::string, std::string> names{{"threshold", threshold},
                                                 {"expired", set_name(kind, "expired")}};
        const auto append = [&](const std::string& name, const std::string& select) {
            text += fmt::format("{}{} AS MATERIALIZED ({})", text.empty() ? "WITH " : ", ", name,
                                expand(select, names));
        };
        append(names["expired"], kind.expired);
        for (const auto& set : kind.sets) {
            append(set_name(kind, set.name), set.select);
            names[set.name] = set_name(kind, set.name);
        }
    }
    for (const auto& set : orphan_sets(threshold)) {
        text += fmt::format(", {} AS MATERIALIZED ({})", set.name, set.select);
    }
    return text;
}

// Tells by one join per column to which step a row d of a table belongs: the lowest number among the rules
// that match.
class Steps {
  public:
    // Rules that `wanted` picks.
    template <typename Wanted>
    std::string lowest(const std::string& table, const Wanted& wanted) {
        std::map<std::string, std::string> keys;  // by column: which keys belong to which step
        for (std::size_t number = 0; number < purge_kinds().size(); ++number) {
            const auto& kind = purge_kinds()[number];
            for (const auto& rule : kind.rules) {
                if (rule.table == table && wanted(rule)) {
                    auto& selects = keys[rule.column];
                    selects += fmt::format("{}SELECT {} AS step, {} AS key, '{}' AS type FROM {}",
                                           selects.empty() ? "" : " UNION ALL ", number, rule.key, rule.type,
                                           set_name(kind, rule.set));
                }
            }
        }
        std::string steps = "NULL::integer";
        for (const auto& [column, selects] : keys) {
            steps += ", " + join(table, column, selects);
        }
        return fmt::format("LEAST({})", steps);
    }
    [[nodiscard]] const std::string& joins() const { return joins_; }

  private:
    std::string join(const std::string& table, const std::string& column, const std::string& selects) {
        const auto alias = fmt::format("s{}", count_++);
        joins_ += fmt::format(" LEFT JOIN ({}) {} ON {}.key = d.{}", selects, alias, alias, column);
        if (selects.find("'' AS type") == std::string::npos) {
            joins_ += fmt::format(" AND {}.type = d.{}", alias, type_column(table));
        }
        return alias + ".step";
    }

    std::string joins_;
    int count_ = 0;
};

std::string or_orphan(const std::string& step, const std::string& condition) {
    return condition.empty()
               ? step
               : fmt::format("COALESCE({}, CASE WHEN {} THEN {} END)", step, condition, orphan_step);
}

std::string deleted_in(Steps& steps, const std::string& table, const std::string& threshold) {
    return or_orphan(steps.lowest(table, [](const PurgeRule& rule) { return rule.deletes(); }),
                     orphan_condition(table, "d", OrphanTerms{threshold, true}));
}

// One row: the rows of each step, then all rows. OFFSET keeps the server from computing the step once per
// count.
std::string count_steps(const std::string& what, const std::string& rows) {
    std::string counts;
    for (std::size_t number = 0; number < purge_steps; ++number) {
        counts += fmt::format("count(*) FILTER (WHERE step = {}), ", number);
    }
    return fmt::format("SELECT '{}' AS what, {}count(*) FROM ({} OFFSET 0) x", what, counts, rows);
}

std::string count_rows(const std::string& table, const std::string& threshold) {
    Steps steps;
    const auto step = deleted_in(steps, table, threshold);
    return count_steps(table, fmt::format("SELECT {} AS step FROM {} d{}", step, table, steps.joins()));
}

// A reference is cleared unless its row goes before, or in the same step.
std::string count_cleared(const OrphanReference& reference, const std::string& threshold) {
    Steps steps;
    const auto& column = reference.clears.front().column;
    const auto gone = deleted_in(steps, reference.table, threshold);
    auto by_kind = steps.lowest(reference.table, [&column](const PurgeRule& rule) {
        return !rule.deletes() && rule.column == column;
    });
    if (has_deletion_time(reference.table)) {
        by_kind = fmt::format("CASE WHEN (d.deleted_at < {}) IS NOT TRUE THEN {} END", threshold, by_kind);
    }
    const auto cleared = or_orphan(by_kind, orphan_condition(reference, "d", OrphanTerms{threshold, true}));
    return count_steps(
        fmt::format("{}.{} cleared", reference.table, column),
        fmt::format("SELECT CASE WHEN gone IS NULL OR gone > cleared THEN cleared END AS step FROM"
                    " (SELECT {} AS cleared, {} AS gone FROM {} d{} WHERE d.{} IS NOT NULL OFFSET 0) y",
                    cleared, gone, reference.table, steps.joins(), column));
}

std::vector<std::string> tables_with_rules() {
    auto tables = orphan_tables();
    for (const auto& kind : purge_kinds()) {
        for (const auto& rule : kind.rules) {
            if (rule.deletes() && std::ranges::find(tables, rule.table) == tables.end()) {
                tables.push_back(rule.table);
            }
        }
    }
    return tables;
}

// One statement, so that all numbers are of one instant.
std::string count_statement(const std::string& threshold) {
    auto text = common_tables(threshold);
    std::string_view separator = " ";
    for (const auto& table : tables_with_rules()) {
        text += fmt::format("{}({})", separator, count_rows(table, threshold));
        separator = " UNION ALL ";
    }
    for (const auto* clearing : orphan_clearings()) {
        text += fmt::format("{}({})", separator, count_cleared(*clearing, threshold));
    }
    return text;
}

void note_empty_owners(postgres::Connection& connection, const std::string& threshold, PurgeCounts& counts) {
    for (const auto& owner : orphan_owners()) {
        if (connection.execute("SELECT " + orphan_guard(owner, threshold)).boolean(0, 0)) {
            continue;
        }
        const auto rows = connection.execute(orphans_left_alone(owner, threshold));
        operation::Amounts left;
        for (int row = 0; row < rows.rows(); ++row) {
            add(left, std::string(rows.text(row, 0)), rows.integer(row, 1));
        }
        if (!left.empty()) {
            counts.notes.push_back(fmt::format(
                "Nothing in table {} stays, so rows whose owner is missing there are left alone: {}.", owner,
                describe(left)));
        }
    }
}

}  // namespace

std::int64_t PurgeCounts::of(std::size_t step, const std::string& what) const {
    const auto found = std::ranges::find(steps.at(step), what, &operation::Amount::what);
    return found == steps.at(step).end() ? 0 : found->number;
}

std::int64_t PurgeCounts::deleted(std::size_t step) const {
    std::int64_t number = 0;
    for (const auto& amount : steps.at(step)) {
        number += amount.what.ends_with(" cleared") ? 0 : amount.number;
    }
    return number;
}

PurgeCounts count_purge(postgres::Connection& connection, const std::string& threshold) {
    PurgeCounts counts;
    const auto rows = connection.execute(count_statement(threshold));
    for (int row = 0; row < rows.rows(); ++row) {
        const std::string what(rows.text(row, 0));
        for (std::size_t number = 0; number < purge_steps; ++number) {
            if (const auto going = rows.integer(row, static_cast<int>(number) + 1); going > 0) {
                counts.steps.at(number).push_back({what, going});
            }
        }
        counts.totals[what] = rows.integer(row, static_cast<int>(purge_steps) + 1);
    }
    note_empty_owners(connection, threshold, counts);
    return counts;
}

}  // namespace tti::identity_server
