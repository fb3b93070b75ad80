#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "database/timeseries_session.hpp"
#include "operation/condition.hpp"

namespace tti::database {

// What the status of a database of tables in chunks tells first. `newest` is the last migration's name.
operation::Condition condition(TimeseriesSession& session, std::string_view newest);

// The result of a status of tables that cannot be looked at, being behind or newer: the error itself. `due`:
// migrations that are. Its exit code.
ExitCode tell_behind(TimeseriesSession& session, operation::Condition condition, const Error& error,
                     const std::vector<std::string>& due);
// Finishes what was found: the next command, and restores that have not ended. `next_of_troubles` mends them,
// if ours does. Exit code due where anything is not in order.
ExitCode conclude(TimeseriesSession& session, operation::Condition& condition,
                  const std::string& next_of_troubles);

// "PostgreSQL 15.18 at localhost/stack", and what it tells of backups.
std::string server_text(const operation::Condition& condition);
// What is not in order, a line each, and the next command.
std::string next_text(const operation::Condition& condition);

// The result of a `verify`: `differences` of the schema from what it should be, a sentence each. Exit code
// due where there are any.
ExitCode tell_differences(operation::Reporter& reporter, const std::vector<std::string>& differences);

}  // namespace tti::database
