#include "database/history.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "operation/postgres_journal.hpp"

namespace tti::database {
namespace {

using nlohmann::json;
using operation::JournalRecord;

json to_json(const JournalRecord& record) {
    return {{"id", record.id},
            {"started_at", record.started_at},
            {"finished_at", record.finished_at},
            {"outcome", record.outcome},
            {"operator", record.user},
            {"host", record.host},
            {"pid", record.pid},
            {"task", record.task},
            {"version", record.version},
            {"command", record.command},
            {"plan_hash", record.plan_hash},
            {"steps", record.steps},
            {"counts", record.counts.empty() ? json::object() : json::parse(record.counts)},
            {"error", record.error}};
}

std::vector<std::string> to_row(const JournalRecord& record) {
    return {record.id,
            record.started_at,
            record.finished_at,
            record.outcome,
            record.user + "@" + record.host,
            record.command,
            record.error.empty() ? record.counts : record.error};
}

ExitCode tell(cli::Context& context, postgres::Connection& connection, operation::Area area) {
    const auto limit = static_cast<int>(context.values.integer("limit"));
    const auto records = operation::read_journal(connection, area, limit);
    json data{{"operations", json::array()}};
    cli::Table table({"id", "started", "finished", "outcome", "who", "command", "result"});
    for (const auto& record : records) {
        data["operations"].push_back(to_json(record));
        table.add(to_row(record));
    }
    context.reporter.result(
        table.empty() ? std::string("nothing has been run on this database yet\n") : table.text(), data);
    return ExitCode::done;
}

void require_limit(const settings::Values& values) {
    if (values.integer("limit") >= 1) return;
    throw UsageError("option --limit must be at least 1", "Leave it out for the newest 50.");
}

}  // namespace

cli::Command history_command(operation::Area area, const std::string& group,
                             std::vector<std::string> settings, Open open) {
    return {.name = "history",
            .summary = fmt::format("List what was run on {}, the newest first", operation::words(area)),
            .options = {{.name = "limit",
                         .type = settings::Type::integer,
                         .description = "how many to list at most",
                         .value_name = "N",
                         .default_text = "50"}},
            .settings = std::move(settings),
            .examples = {{group + " history", "what ran last night?"}},
            .run = [area, open = std::move(open)](cli::Context& context) {
                require_limit(context.values);
                return open(context, [&](postgres::Connection& connection) {
                    return tell(context, connection, area);
                });
            }};
}

}  // namespace tti::database
