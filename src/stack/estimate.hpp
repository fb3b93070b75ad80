#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "stack/survey.hpp"

namespace tti::stack {

// How long a migration will probably take, by what was measured: the newest one in the journal that was done,
// and the planning, which looked at all that the migration looks at.
struct Estimate {
    std::chrono::milliseconds time{0};
    bool at_least = false;  // there is no earlier run to go by
    std::string basis;      // what was measured, a phrase
};
// `operations` is the journal as "history" tells it, the newest first. None where there is no plan, or
// nothing to do.
std::optional<Estimate> estimate(const Due& due, const nlohmann::json& operations);

// "about 14 s (by is-db migrate of 2026-11-29: 15 steps in 0.8 s)"
std::string text(const Estimate& estimate);
nlohmann::json to_json(const Estimate& estimate);

}  // namespace tti::stack
