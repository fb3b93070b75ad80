#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "network_operations_center/commands.hpp"
#include "network_operations_center/health.hpp"
#include "network_operations_center/migrations.hpp"
#include "network_operations_center/net_ids.hpp"

namespace tti::network_operations_center {
namespace {

using nlohmann::json;

json to_json(const TableHealth& table) {
    json data{{"table", table.kept.table.name},
              {"aggregate", table.kept.aggregate},
              {"chunks", table.chunks.size()},
              {"chunk_seconds", std::chrono::floor<std::chrono::seconds>(table.chunk_length).count()},
              {"rows", table.rows()},
              {"bytes", table.bytes()},
              {"stray_rows", table.stray_rows},
              {"keep_seconds", nullptr}};
    if (table.retention) {
        data["keep_seconds"] = std::chrono::floor<std::chrono::seconds>(table.retention->keep).count();
        data["last_run"] = table.retention->last_run;
    }
    return data;
}

json to_json(const Job& job) {
    return {{"number", job.number},       {"work", job.work},         {"table", job.table},
            {"scheduled", job.scheduled}, {"last_run", job.last_run}, {"last_outcome", job.last_outcome},
            {"failures", job.failures}};
}

std::string to_text(Session& session, const Health& health, timeseries::Way way) {
    auto text = fmt::format("PostgreSQL {} at {}, schema {}, kept by {}\nNetIDs: {}\n\n",
                            session.capabilities().version_text, session.uri().display(), session.schema(),
                            timeseries::describe(way), stored_net_ids_revision(session));
    cli::Table table({"table", "kind", "chunks", "rows", "size", "kept for"});
    for (const auto& one : health.tables) {
        table.add({one.kept.table.name, one.kept.aggregate ? "aggregate" : "events",
                   std::to_string(one.chunks.size()), std::to_string(one.rows()),
                   database::size_text(one.bytes()),
                   one.retention ? timeseries::format(one.retention->keep) : "ever"});
    }
    text += table.text() + "\n";
    for (const auto& trouble : health.troubles) text += trouble + "\n";
    if (health.troubles.empty()) return text + "nothing is due\n";
    return health.next_command.empty() ? text : text + "next: tti-lw-stack " + health.next_command + "\n";
}

// What is told of a database that is not up to date: the error itself, as a result.
ExitCode tell_due(Session& session, const Error& due) {
    json data{{"outcome", name_of(due.code())}, {"schema", session.schema()}, {"tables", json::array()}};
    data["due"] = json::array();
    for (const auto* migration : read_state(session).due()) data["due"].push_back(migration->full_name());
    session.context().reporter.result(fmt::format("{}\n{}\n", due.what(), due.hint()), data);
    return due.code();
}

ExitCode tell(Session& session, timeseries::Way way) {
    Tables tables(session, way);
    const auto found = health(session, tables);
    const auto code = found.troubles.empty() ? ExitCode::done : ExitCode::due;
    json data{{"outcome", name_of(code)},
              {"server", session.capabilities().version_text},
              {"database", session.uri().display()},
              {"schema", session.schema()},
              {"way", timeseries::describe(way)},
              {"net_ids_revision", stored_net_ids_revision(session)},
              {"due", json::array()},
              {"stale", found.stale},
              {"troubles", found.troubles},
              {"tables", json::array()},
              {"jobs", json::array()}};
    for (const auto& table : found.tables) data["tables"].push_back(to_json(table));
    for (const auto& job : found.jobs) data["jobs"].push_back(to_json(job));
    session.context().reporter.result(to_text(session, found, way), data);
    return code;
}

ExitCode status(Session& session) {
    try {
        return tell(session, require_tables(session));
    } catch (const DueError& due) {
        return tell_due(session, due);
    }
}

}  // namespace

cli::Command status_command() {
    return {.name = "status",
            .summary = "Tell what is stored, how it is kept, and what is behind",
            .description =
                "Reads only. Rows are the server's estimate. The exit code tells whether something is due.",
            .settings = database_settings(),
            .examples = {{"noc-db status", "look at it"},
                         {"noc-db status --output json", "the same for a program"}},
            .run = [](cli::Context& context) { return run_reading(context, Access::read, status); }};
}

}  // namespace tti::network_operations_center
