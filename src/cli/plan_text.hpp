#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "operation/plan.hpp"

namespace tti::cli {

// A plan for people. Tenants whose steps are alike stand together, so that a thousand of them stay readable.
std::string plan_text(const operation::Plan& plan, bool dry_run, std::size_t width);

// The same for programs, with every step.
nlohmann::json plan_data(const operation::Plan& plan, bool dry_run);

// {"users": 3}
nlohmann::json amounts_data(const operation::Amounts& amounts);

}  // namespace tti::cli
