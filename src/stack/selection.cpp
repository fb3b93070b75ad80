#include "stack/selection.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::stack {
namespace {

std::vector<std::string> known_groups() {
    std::vector<std::string> groups;
    for (const auto& database : databases()) groups.emplace_back(database.group);
    return groups;
}

bool holds(const std::vector<std::string>& list, std::string_view group) {
    return std::ranges::find(list, group) != list.end();
}

void require_known(const settings::Values& values, std::string_view option) {
    const auto known = known_groups();
    for (const auto& name : values.list(option)) {
        if (holds(known, name)) continue;
        const auto meant = util::suggestion(name, known);
        throw UsageError(fmt::format("option {} ({}): there is no database \"{}\"", option,
                                     values.source(option).where, name),
                         fmt::format("{}The databases are {}.",
                                     meant.empty() ? "" : fmt::format("Did you mean {}? ", meant),
                                     util::join(known, ", ")));
    }
}

std::string not_set(const Database& database) {
    return fmt::format("{} is not set", database.setting);
}

}  // namespace

std::vector<settings::Option> selection_options() {
    return {{.name = "only",
             .type = settings::Type::list,
             .description = "these databases alone: is-db, ns-db, ...",
             .value_name = "GROUPS"},
            {.name = "skip",
             .type = settings::Type::list,
             .description = "all databases but these",
             .value_name = "GROUPS"}};
}

Selection select(const settings::Values& values) {
    for (const auto* option : {"only", "skip"}) require_known(values, option);
    const auto& only = values.list("only");
    const auto named = named_databases(values);
    Selection selection;
    for (const auto& database : databases()) {
        const std::string group(database.group);
        const bool is_named = std::ranges::find(named, database.group, &Database::group) != named.end();
        if (!is_named && holds(only, group)) {
            throw UsageError(fmt::format("option only ({}): {} is not there, for {}",
                                         values.source("only").where, group, not_set(database)),
                             fmt::format("Set {}, or leave {} out.", database.setting, group));
        }
        if (!is_named) {
            selection.left_out.push_back({group, not_set(database)});
        } else if (!only.empty() && !holds(only, group)) {
            selection.left_out.push_back({group, "--only does not name it"});
        } else if (holds(values.list("skip"), group)) {
            selection.left_out.push_back({group, "--skip names it"});
        } else {
            selection.chosen.push_back(database);
        }
    }
    if (selection.chosen.empty()) {
        throw UsageError("--only and --skip leave no database", "Name at least one that --skip does not.");
    }
    return selection;
}

}  // namespace tti::stack
