#pragma once

#include <optional>
#include <string>
#include <vector>

#include "operation/condition.hpp"
#include "stack/databases.hpp"
#include "stack/estimate.hpp"
#include "stack/survey.hpp"

namespace tti::stack {

// One database, as its own commands tell it.
struct DatabaseStatus {
    Database database;
    ExitCode code = ExitCode::done;                 // the most urgent of what its commands said
    std::optional<operation::Condition> condition;  // none where it could not be asked
    std::optional<Failure> failure;                 // why it could not be asked, or must not be migrated
    std::optional<Due> due;                         // the plan of its migration
    std::optional<Estimate> estimate;               // of that plan
    nlohmann::json last_operation = nullptr;        // of its journal; null where there is none
    std::vector<std::string> tenants;               // that have tables of their own: the Identity Server's
    std::vector<std::string> warnings;  // what could not be found out, or is in the way: sentences
    bool looked_through = false;        // everything in it was looked at

    // "in order", "due", "drift", "unhealthy", "newer", "unreachable", "locked", "refused", "failed".
    [[nodiscard]] std::string state() const;
    [[nodiscard]] bool has_steps() const { return due && due->plan && !due->plan->steps.empty(); }
    // What to do about it, a command without the program's name; empty where nothing is or none of ours
    // helps.
    [[nodiscard]] std::string next() const;
};

// Whichever of both is more urgent. A database newer than this build comes first, for then no other advice of
// this build holds; then one that could not be asked, for then the answer is not whole; last what is due.
ExitCode more_urgent(ExitCode one, ExitCode other);

// Runs its status, history and, where it may be due, migrate --dry-run. Where nothing is and it is not to be
// `quick`, the status that looks at everything. What is not answered in time is told as that.
DatabaseStatus database_status(cli::Context& context, const Database& database, bool quick,
                               util::DeadlineStop& stop);

}  // namespace tti::stack
