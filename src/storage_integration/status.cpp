#include "database/status.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "database/preview.hpp"
#include "storage_integration/commands.hpp"
#include "storage_integration/health.hpp"
#include "storage_integration/verify.hpp"

namespace tti::storage_integration {
namespace {

using nlohmann::json;
using timeseries::Chunk;

struct Sums {
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
    std::size_t compressed = 0;
};

Sums sum(const std::vector<Chunk>& chunks) {
    Sums sums;
    for (const auto& chunk : chunks) {
        sums.rows += chunk.rows;
        sums.bytes += chunk.bytes;
        sums.compressed += chunk.compressed ? 1 : 0;
    }
    return sums;
}

json to_json(const Chunk& chunk) {
    return {{"relation", chunk.relation},
            {"from", timeseries::format(chunk.range.from)},
            {"to", timeseries::format(chunk.range.to)},
            {"rows", chunk.rows},
            {"bytes", chunk.bytes},
            {"compressed", chunk.compressed}};
}

json to_json(const timeseries::Job& job) {
    return {{"scheduled", job.scheduled},
            {"last_run", job.last_run},
            {"last_outcome", job.last_outcome},
            {"next_run", job.next_run},
            {"failures", job.failures}};
}

std::int64_t seconds(timeseries::Span span) {
    return std::chrono::floor<std::chrono::seconds>(span).count();
}

json to_json(const Health& health, timeseries::Way way) {
    const auto sums = sum(health.chunks);
    json data{{"table", "messages"},
              {"way", timeseries::describe(way)},
              {"chunk_seconds", seconds(health.chunk_length)},
              {"rows", sums.rows},
              {"bytes", sums.bytes},
              {"stray_rows", sum(health.strays).rows},
              {"chunks", json::array()},
              {"retention", nullptr},
              {"compression", nullptr},
              {"troubles", health.troubles}};
    for (const auto& chunk : health.chunks) data["chunks"].push_back(to_json(chunk));
    if (const auto& retention = health.retention) {
        data["retention"] = to_json(*retention);
        data["retention"]["keep_seconds"] = seconds(retention->keep);
    }
    if (const auto& compression = health.compression) {
        data["compression"] = to_json(*compression);
        data["compression"]["after_seconds"] = seconds(compression->after);
    }
    return data;
}

std::string chunk_table(const Health& health) {
    cli::Table table({"from", "to", "rows", "size", "compressed"});
    for (const auto* list : {&health.chunks, &health.strays}) {
        for (const auto& chunk : *list) {
            table.add({timeseries::format(chunk.range.from), timeseries::format(chunk.range.to),
                       std::to_string(chunk.rows), database::size_text(chunk.bytes),
                       chunk.stray        ? "in no chunk"
                       : chunk.compressed ? "yes"
                                          : "no"});
        }
    }
    return table.text();
}

std::string job_text(const timeseries::Job& job) {
    std::string text;
    if (!job.last_run.empty()) text += fmt::format(", last run {} {}", job.last_run, job.last_outcome);
    if (!job.next_run.empty()) text += fmt::format(", next run {}", job.next_run);
    if (job.failures > 0) text += fmt::format(", {} failures", job.failures);
    return text + "\n";
}

std::string policy_lines(const Health& health) {
    auto text = health.retention ? fmt::format("retention: {}{}", timeseries::format(health.retention->keep),
                                               job_text(*health.retention))
                                 : "retention: all messages are kept\n";
    if (const auto& compression = health.compression) {
        text += fmt::format("compression: after {}{}", timeseries::format(compression->after),
                            job_text(*compression));
    }
    return text;
}

std::string to_text(Session& session, const operation::Condition& condition, const Health& health,
                    timeseries::Way way) {
    const auto sums = sum(health.chunks);
    auto text = database::server_text(condition) + fmt::format("schema {}\n", session.schema());
    text +=
        fmt::format("messages: kept by {}, {} chunks of {}, about {} rows, {}, {} compressed\n",
                    timeseries::describe(way), health.chunks.size(), timeseries::format(health.chunk_length),
                    sums.rows, database::size_text(sums.bytes), sums.compressed);
    text += policy_lines(health) + "\n" + chunk_table(health) + "\n";
    return text + database::next_text(condition);
}

ExitCode tell(Session& session, operation::Condition condition, timeseries::Keeper& keeper) {
    const auto found = health(session, keeper);
    condition.troubles = found.troubles;
    condition.differences = differences(session);
    const auto code = database::conclude(session, condition, found.next_command);
    json data{{"outcome", name_of(code)},
              {"schema", session.schema()},
              {"due", json::array()},
              {"tables", json::array({to_json(found, keeper.way())})}};
    add(data, condition);
    session.context().reporter.result(to_text(session, condition, found, keeper.way()), data);
    return code;
}

ExitCode status(Session& session) {
    const auto head = database::condition(session, migrations().back().name);
    const auto tell_behind = [&](const Error& error) {
        std::vector<std::string> due;
        for (const auto* migration : read_state(session).due()) due.push_back(migration->full_name());
        return database::tell_behind(session, head, error, due);
    };
    std::unique_ptr<timeseries::Keeper> keeper;
    try {
        keeper = require_tables(session);
    } catch (const DueError& due) {
        return tell_behind(due);
    } catch (const NewerDatabaseError& newer) {
        return tell_behind(newer);
    }
    return tell(session, head, *keeper);
}

}  // namespace

cli::Command status_command() {
    return {.name = "status",
            .summary = "Tell what is stored, how it is kept, and what is behind",
            .description =
                "Reads only. Rows are the server's estimate; storage-db count counts. The exit code "
                "tells whether something is due.",
            .settings = database_settings(),
            .examples = {{"storage-db status", "look at it"},
                         {"storage-db status --output json", "the same for a program"}},
            .run = [](cli::Context& context) { return run_reading<Session>(context, Access::read, status); }};
}

}  // namespace tti::storage_integration
