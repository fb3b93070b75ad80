#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "operation/plan.hpp"

namespace tti::stack {

// A plan in few words.
struct DueSummary {
    std::size_t steps = 0;
    std::size_t tenants = 0;                       // that have steps of their own; 0: it is not about tenants
    std::vector<std::string> names;                // of the steps, each once, in order
    std::vector<std::string> whys;                 // each once
    operation::Amounts touches;                    // of all steps
    operation::Lock lock = operation::Lock::none;  // the strongest
    bool destroys = false;
    std::size_t not_undoable = 0;   // steps
    std::vector<std::string> undo;  // the commands that undo the others, each once
};
DueSummary summary(const operation::Plan& plan);

// What a running stack notices of such a lock, a sentence without its full stop.
std::string noticed(operation::Lock lock);
// "can be undone", "2 of 3 steps cannot be undone".
std::string undoable(const DueSummary& due);

nlohmann::json to_json(const DueSummary& due);

}  // namespace tti::stack
