#include "database/status.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "database/backups.hpp"
#include "database/restore_mark.hpp"

namespace tti::database {
namespace {

// "noc-db migrate"
std::string command(const TimeseriesSession& session, std::string_view name) {
    return fmt::format("{}-db {}", describe(session.area()), name);
}

}  // namespace

operation::Condition condition(TimeseriesSession& session, std::string_view newest) {
    const auto applied = session.bookkeeping().applied;
    return {.server = session.capabilities().version_text,
            .database = session.uri().display(),
            .version = applied.empty() ? "empty" : applied.back().name,
            .newest_version = newest,
            .backups = backups(session.connection())};
}

ExitCode tell_behind(TimeseriesSession& session, operation::Condition condition, const Error& error,
                     const std::vector<std::string>& due) {
    nlohmann::json data{{"outcome", name_of(error.code())},
                        {"schema", session.schema()},
                        {"due", due},
                        {"tables", nlohmann::json::array()}};
    if (error.code() == ExitCode::due) condition.next = command(session, "migrate");
    tell_restores(session.connection(), session.area(), condition);
    add(data, condition);
    auto text = fmt::format("{}\n{}\n", error.what(), error.hint());
    if (!condition.troubles.empty()) text += next_text(condition);
    session.context().reporter.result(text, data);
    return error.code();
}

ExitCode conclude(TimeseriesSession& session, operation::Condition& condition,
                  const std::string& next_of_troubles) {
    const bool only_differs = condition.troubles.empty() && !condition.differences.empty();
    condition.next = only_differs ? command(session, "verify") : next_of_troubles;
    tell_restores(session.connection(), session.area(), condition);
    return condition.troubles.empty() && condition.differences.empty() ? ExitCode::done : ExitCode::due;
}

std::string server_text(const operation::Condition& condition) {
    const auto& backups = condition.backups;
    auto text = fmt::format("PostgreSQL {} at {}\n{}\n", condition.server, condition.database,
                            backups.text.empty() ? "the server does not tell of backups" : backups.text);
    for (const auto& trouble : backups.troubles) text += trouble + "\n";
    return text;
}

std::string next_text(const operation::Condition& condition) {
    std::string text;
    for (const auto& trouble : condition.troubles) text += trouble + "\n";
    for (const auto& difference : condition.differences) text += fmt::format("drift: {}\n", difference);
    if (text.empty()) return "nothing is due\n";
    return condition.next.empty() ? text : text + fmt::format("next: tti-lw-stack {}\n", condition.next);
}

ExitCode tell_differences(operation::Reporter& reporter, const std::vector<std::string>& differences) {
    std::string text;
    for (const auto& difference : differences) text += difference + "\n";
    if (differences.empty()) text = "the schema is as it should be\n";
    reporter.result(text,
                    {{"outcome", differences.empty() ? "done" : "drift"}, {"differences", differences}});
    return differences.empty() ? ExitCode::done : ExitCode::due;
}

}  // namespace tti::database
