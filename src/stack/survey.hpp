#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "stack/ask.hpp"
#include "stack/databases.hpp"

namespace tti::stack {

// What a migration of one database would do, by its dry run, which writes nothing.
struct Due {
    Database database;
    std::optional<operation::Plan> plan;  // to be shown, not to be run; none where it could not be made
    std::optional<Failure> failure;       // why there is no plan, or why it must not run
    std::vector<std::string> warnings;
    std::chrono::milliseconds took{0};  // the planning

    [[nodiscard]] bool nothing_to_do() const { return plan && plan->steps.empty() && !failure; }
};

Due survey(cli::Context& context, const Database& database, util::DeadlineStop& stop);

// All of them at once, in the same order. One that does not answer within `limit` is told as unreachable and
// holds up no other.
std::vector<Due> survey(cli::Context& context, std::span<const Database> databases, util::Stop& stop,
                        std::chrono::milliseconds limit);

}  // namespace tti::stack
