#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/context.hpp"
#include "stack/upgrade_plan.hpp"

namespace tti::stack {

struct UpgradeRun {
    std::optional<std::chrono::system_clock::time_point> until;
    std::string backup;  // the folder; empty: none
    std::string wait;    // for the locks of others, as --wait has it
    // What was agreed to. A step that removes more than was shown means a new step that removes something,
    // another confirmation, or an amount that is larger by a tenth and by ten: a stack that runs meanwhile
    // changes a little.
    enum class Agreed {
        whatever_it_is,
        losses_shown,  // a migration is about to remove no more than was shown
        steps_shown,   // besides, to have no other step
    } agreed = Agreed::losses_shown;
};

// What an upgrade did, for its result.
struct UpgradeDone {
    UpgradePart part;
    std::string text;
    nlohmann::json data;
};

// Backs up where that is asked for, then runs the parts of a plan one after the other. Each has the run lock
// and the journal of its own database. Throws an Error with the exit code of what failed, or InterruptedError
// at `until` or when an end was asked for; it says what is done, what is not, and which command continues.
std::vector<UpgradeDone> run_upgrade(cli::Context& context, const UpgradePlan& plan, const UpgradeRun& run);

}  // namespace tti::stack
