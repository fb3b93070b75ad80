#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "identity_server/session.hpp"
#include "identity_server/status.hpp"
#include "operation/postgres_journal.hpp"

namespace tti::identity_server {
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

ExitCode history(Session& session) {
    const auto limit = static_cast<int>(session.context().values.integer("limit"));
    const auto records =
        operation::read_journal(session.connection(), operation::Area::identity_server, limit);
    json data{{"operations", json::array()}};
    cli::Table table({"id", "started", "finished", "outcome", "who", "command", "result"});
    for (const auto& record : records) {
        data["operations"].push_back(to_json(record));
        table.add(to_row(record));
    }
    const auto text =
        table.empty() ? std::string("nothing has been run on this database yet\n") : table.text();
    session.context().reporter.result(text, data);
    return ExitCode::done;
}

}  // namespace

cli::Command history_command() {
    return {.name = "history",
            .summary = "List what was run on the Identity Server database, the newest first",
            .options = {{.name = "limit",
                         .type = settings::Type::integer,
                         .description = "how many to list at most",
                         .value_name = "N",
                         .default_text = "50"}},
            .settings = {"is.database-uri", "tenancy.default-id"},
            .examples = {{"is-db history", "what ran last night?"}},
            .run = [](cli::Context& context) {
                if (context.values.integer("limit") < 1) {
                    throw UsageError("option --limit must be at least 1", "Leave it out for the newest 50.");
                }
                return run_reading(context, history);
            }};
}

}  // namespace tti::identity_server
