#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "operation/area.hpp"
#include "postgres/connection.hpp"

namespace tti::database {

// Command "history": the journal of one database, the newest first. `open` calls its second argument with a
// read-only connection.
using Open = std::function<ExitCode(cli::Context&, const std::function<ExitCode(postgres::Connection&)>&)>;
cli::Command history_command(operation::Area area, const std::string& group,
                             std::vector<std::string> settings, Open open);

}  // namespace tti::database
