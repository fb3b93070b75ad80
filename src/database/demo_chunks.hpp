#pragma once

#include <vector>

#include "operation/plan.hpp"
#include "timeseries/keeper.hpp"

namespace tti::database {

// Adds the step that makes the chunks which `tables` lack in the time that is filled, where rows that come do
// not make them. `keeper` outlives the plan.
void plan_demo_chunks(operation::Plan& plan, timeseries::Keeper& keeper,
                      std::vector<timeseries::Table> tables, const timeseries::Range& time);

}  // namespace tti::database
