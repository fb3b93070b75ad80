#include "database/status.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "network_operations_center/commands.hpp"
#include "network_operations_center/health.hpp"
#include "network_operations_center/migrations.hpp"
#include "network_operations_center/net_ids.hpp"
#include "network_operations_center/verify.hpp"

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
    if (!table.chunks.empty()) {
        data["from"] = timeseries::format(table.chunks.front().range.from);
        data["to"] = timeseries::format(table.chunks.back().range.to);
    }
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

std::string or_never(const std::string& time) {
    return time.empty() ? "never" : time;
}

// When what keeps the tables ran last.
std::string jobs_text(const Health& health, timeseries::Way way) {
    std::string last;
    if (way == timeseries::Way::timescaledb) {
        for (const auto& job : health.jobs) last = std::max(last, job.last_run);
        return fmt::format("background jobs: {}, the last ran: {}\n", health.jobs.size(), or_never(last));
    }
    for (const auto& table : health.tables)
        if (table.retention) last = std::max(last, table.retention->last_run);
    return fmt::format("noc-db maintain ran last: {}\n", or_never(last));
}

std::string to_text(Session& session, const operation::Condition& condition, const Health& health,
                    timeseries::Way way) {
    auto text = fmt::format("{}schema {}, kept by {}\nNetIDs: {}\n\n", database::server_text(condition),
                            session.schema(), timeseries::describe(way), stored_net_ids_revision(session));
    cli::Table table({"table", "kind", "chunks", "since", "rows", "size", "kept for"});
    for (const auto& one : health.tables) {
        table.add({one.kept.table.name, one.kept.aggregate ? "aggregate" : "events",
                   std::to_string(one.chunks.size()),
                   one.chunks.empty() ? "" : timeseries::format(one.chunks.front().range.from),
                   std::to_string(one.rows()), database::size_text(one.bytes()),
                   one.retention ? timeseries::format(one.retention->keep) : "ever"});
    }
    return text + table.text() + "\n" + jobs_text(health, way) + database::next_text(condition);
}

json to_json(Session& session, const Health& health, timeseries::Way way) {
    json data{{"schema", session.schema()},
              {"way", timeseries::describe(way)},
              {"net_ids_revision", stored_net_ids_revision(session)},
              {"due", json::array()},
              {"stale", health.stale},
              {"tables", json::array()},
              {"jobs", json::array()}};
    for (const auto& table : health.tables) data["tables"].push_back(to_json(table));
    for (const auto& job : health.jobs) data["jobs"].push_back(to_json(job));
    return data;
}

ExitCode tell(Session& session, operation::Condition condition, timeseries::Way way) {
    Tables tables(session, way);
    const auto found = health(session, tables);
    condition.troubles = found.troubles;
    condition.differences = differences(session, way);
    const auto code = database::conclude(session, condition, found.next_command);
    auto data = to_json(session, found, way);
    data["outcome"] = name_of(code);
    add(data, condition);
    session.context().reporter.result(to_text(session, condition, found, way), data);
    return code;
}

ExitCode status(Session& session) {
    const auto head = database::condition(session, migrations().back().name);
    const auto tell_behind = [&](const Error& error) {
        std::vector<std::string> due;
        for (const auto* migration : read_state(session).due()) due.push_back(migration->full_name());
        return database::tell_behind(session, head, error, due);
    };
    timeseries::Way way{};
    try {
        way = require_tables(session);
    } catch (const DueError& due) {
        return tell_behind(due);
    } catch (const NewerDatabaseError& newer) {
        return tell_behind(newer);
    }
    return tell(session, head, way);
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
            .run = [](cli::Context& context) { return run_reading<Session>(context, Access::read, status); }};
}

}  // namespace tti::network_operations_center
