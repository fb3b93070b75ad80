#pragma once

#include <string>
#include <vector>

#include "settings/values.hpp"
#include "stack/databases.hpp"

namespace tti::stack {

// --only and --skip.
std::vector<settings::Option> selection_options();

// Which databases a command is about, in the order of their migration, and which it leaves out.
struct Selection {
    struct LeftOut {
        std::string group;
        std::string why;  // a phrase: "noc.store.database-uri is not set"
    };
    std::vector<Database> chosen;  // never empty
    std::vector<LeftOut> left_out;
};
// Throws UsageError for a name that is no group of a database, with the list of them; for one in --only that
// the settings do not name; and where nothing is left.
Selection select(const settings::Values& values);

}  // namespace tti::stack
