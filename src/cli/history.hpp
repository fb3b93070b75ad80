#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "operation/area.hpp"
#include "operation/postgres_journal.hpp"

namespace tti::cli {

// --limit, which every command that tells a journal has.
settings::Option limit_option();
// Throws UsageError where it is below 1.
int limit(const settings::Values& values);

// Command "history" of the group that looks after `area`: its journal, the newest first. `read` gives so many
// records at most; `options` are those that it needs besides --limit.
using ReadJournal = std::function<std::vector<operation::JournalRecord>(Context&, int)>;
Command history_command(operation::Area area, const std::string& group, std::vector<std::string> settings,
                        ReadJournal read, std::vector<settings::Option> options = {});

}  // namespace tti::cli
