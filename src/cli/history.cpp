#include "cli/history.hpp"

#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "util/error.hpp"

namespace tti::cli {
namespace {

using operation::JournalRecord;

std::vector<std::string> to_row(const JournalRecord& record) {
    return {record.id,
            record.started_at,
            record.finished_at,
            record.outcome,
            record.user + "@" + record.host,
            record.command,
            record.error.empty() ? record.counts : record.error};
}

void tell(Context& context, const std::vector<JournalRecord>& records) {
    nlohmann::json data{{"operations", nlohmann::json::array()}};
    Table table({"id", "started", "finished", "outcome", "who", "command", "result"});
    for (const auto& record : records) {
        data["operations"].push_back(to_json(record));
        table.add(to_row(record));
    }
    context.reporter.result(
        table.empty() ? std::string("nothing has been run on this database yet\n") : table.text(), data);
}

}  // namespace

settings::Option limit_option() {
    return {.name = "limit",
            .type = settings::Type::integer,
            .description = "how many to list at most",
            .value_name = "N",
            .default_text = "50"};
}

int limit(const settings::Values& values) {
    const auto limit = values.integer("limit");
    if (limit >= 1 && limit <= std::numeric_limits<int>::max()) return static_cast<int>(limit);
    throw UsageError("option --limit must be at least 1", "Leave it out for the newest 50.");
}

Command history_command(operation::Area area, const std::string& group, std::vector<std::string> settings,
                        ReadJournal read, std::vector<settings::Option> options) {
    options.push_back(limit_option());
    return {.name = "history",
            .summary = fmt::format("List what was run on {}, the newest first", operation::words(area)),
            .options = std::move(options),
            .settings = std::move(settings),
            .examples = {{group + " history", "what ran last night?"}},
            .run = [read = std::move(read)](Context& context) {
                tell(context, read(context, limit(context.values)));
                return ExitCode::done;
            }};
}

}  // namespace tti::cli
