#include "stack/due_summary.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/plan_text.hpp"

namespace tti::stack {
namespace {

void add_once(std::vector<std::string>& texts, const std::string& text) {
    if (!text.empty() && std::ranges::find(texts, text) == texts.end()) texts.push_back(text);
}

}  // namespace

DueSummary summary(const operation::Plan& plan) {
    DueSummary result{.steps = plan.steps.size()};
    std::set<std::string> tenants;
    for (const auto& step : plan.steps) {
        if (!step.group.empty()) tenants.insert(step.group);
        add_once(result.names, step.name);
        add_once(result.whys, step.why);
        add_once(result.undo, step.undo);
        for (const auto& amount : step.touches) add(result.touches, amount.what, amount.number);
        result.lock = std::max(result.lock, step.lock);
        result.destroys = result.destroys || step.destroys;
        if (step.undo.empty()) ++result.not_undoable;
    }
    result.tenants = tenants.size();
    return result;
}

std::string noticed(operation::Lock lock) {
    switch (lock) {
        case operation::Lock::none:
            return "the stack does not notice";
        case operation::Lock::rows:
            return "the stack waits where it writes the same rows";
        case operation::Lock::writes:
            return "the stack's writes to a table wait meanwhile";
        case operation::Lock::table:
            return "the stack's reads and writes of a table wait meanwhile";
    }
    return "unknown";
}

std::string undoable(const DueSummary& due) {
    if (due.not_undoable == 0) return "can be undone";
    if (due.not_undoable == due.steps) return "cannot be undone";
    return fmt::format("{} of {} steps cannot be undone", due.not_undoable, due.steps);
}

nlohmann::json to_json(const DueSummary& due) {
    return {{"steps", due.steps},
            {"tenants", due.tenants},
            {"names", due.names},
            {"why", due.whys},
            {"touches", cli::amounts_data(due.touches)},
            {"lock", describe(due.lock)},
            {"noticed", noticed(due.lock)},
            {"destroys", due.destroys},
            {"not_undoable", due.not_undoable},
            {"undo", due.undo}};
}

}  // namespace tti::stack
