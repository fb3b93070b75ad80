#include "stack/history.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/history.hpp"
#include "cli/table.hpp"
#include "stack/ask.hpp"
#include "stack/database_status.hpp"
#include "stack/options.hpp"
#include "stack/side_by_side.hpp"

namespace tti::stack {
namespace {

using nlohmann::json;

struct Histories {
    std::vector<json> operations;  // the newest first
    std::vector<std::pair<Database, Failure>> failures;
};

std::vector<Answer> ask_all(cli::Context& context, const std::vector<Database>& named, int limit) {
    return side_by_side(
        named, context.stop, timeout(context.values),
        [&](const Database& database, util::DeadlineStop& stop) {
            return ask(context, {std::string(database.group), "history", "--limit", std::to_string(limit)},
                       stop);
        });
}

// Operations of one second stand in the order of the databases.
Histories merged(const std::vector<Database>& named, std::vector<Answer> answers, int limit) {
    Histories all;
    for (std::size_t i = 0; i < named.size(); ++i) {
        if (answers[i].failure) {
            all.failures.emplace_back(named[i], *answers[i].failure);
            continue;
        }
        for (auto& operation : answers[i].data.value("operations", json::array())) {
            operation["group"] = named[i].group;
            all.operations.push_back(std::move(operation));
        }
    }
    std::ranges::stable_sort(all.operations, std::ranges::greater(),
                             [](const json& operation) { return operation.value("started_at", ""); });
    const auto most = static_cast<std::size_t>(limit);
    if (all.operations.size() > most) all.operations.resize(most);
    return all;
}

std::string result(const json& operation) {
    auto error = operation.value("error", "");
    if (!error.empty()) return error;
    const auto counts = operation.value("counts", json::object());
    return counts.empty() ? "" : counts.dump();
}

std::string to_text(const Histories& all) {
    cli::Table table({"database", "started", "outcome", "who", "command", "result"});
    for (const auto& operation : all.operations) {
        table.add({operation.value("group", ""), operation.value("started_at", ""),
                   operation.value("outcome", ""),
                   operation.value("operator", "") + "@" + operation.value("host", ""),
                   operation.value("command", ""), result(operation)});
    }
    auto text = table.empty() ? std::string("nothing has been run on these databases yet\n") : table.text();
    for (const auto& [database, failure] : all.failures) {
        text += fmt::format("\n{} could not be asked: {}\n", database.group, failure.message);
        if (!failure.hint.empty()) text += fmt::format("hint: {}\n", failure.hint);
    }
    return text;
}

ExitCode run(cli::Context& context) {
    const auto limit = cli::limit(context.values);
    const auto named = named_databases(context.values);
    const auto all = merged(named, ask_all(context, named, limit), limit);
    auto code = ExitCode::done;
    json data{{"operations", all.operations}, {"failures", json::array()}};
    for (const auto& [database, failure] : all.failures) {
        code = more_urgent(code, failure.code);
        data["failures"].push_back({{"group", database.group},
                                    {"code", name_of(failure.code)},
                                    {"message", failure.message},
                                    {"hint", failure.hint}});
    }
    data["outcome"] = name_of(code);
    context.reporter.result(to_text(all), data);
    return code;
}

}  // namespace

cli::Command history_command() {
    return {
        .name = "history",
        .summary = "List what was run on all databases of the stack, the newest first",
        .description =
            "The journals of all databases that the settings name, in one list. A database that cannot be "
            "asked is named, and the others are told; the exit code is then that of why it could not.",
        .options = {cli::limit_option(), timeout_option()},
        .settings = all_settings(),
        .examples = {{"history", "what ran last night?"},
                     {"history --limit 5 --output json", "for a program"}},
        .run = run};
}

}  // namespace tti::stack
