#pragma once

#include "network_operations_center/session.hpp"
#include "operation/plan.hpp"
#include "timeseries/rollup_convert.hpp"

namespace tti::network_operations_center {

// Whether the tables are on their way from partitions to TimescaleDB: a run was killed, and the next migrate
// goes on.
bool conversion_begun(Session& session);
// Moves them, or goes on; `rows` is how many there are.
operation::Step conversion_step(Session& session, std::int64_t rows);

}  // namespace tti::network_operations_center
