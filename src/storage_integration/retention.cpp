#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "storage_integration/commands.hpp"
#include "storage_integration/migrate.hpp"

namespace tti::storage_integration {
namespace {

using nlohmann::json;
using settings::Type;

settings::Option retention_days(bool required) {
    return {.name = "days",
            .type = Type::integer,
            .description = required ? "for how many days messages are kept"
                                    : "as if messages were kept for so many days; as the policy has it when "
                                      "left out",
            .value_name = "DAYS",
            .required = required};
}

timeseries::Span days(const settings::Values& values) {
    const auto number = values.integer("days");
    const auto parsed = parse_days(number);
    if (!parsed) throw UsageError(fmt::format("option --days = \"{}\": {}", number, parsed.error()));
    return *parsed;
}

json to_json(const std::optional<timeseries::Retention>& retention) {
    if (!retention) return {{"enabled", false}};
    return {{"enabled", true},
            {"keep_seconds", std::chrono::floor<std::chrono::seconds>(retention->keep).count()},
            {"last_run", retention->last_run},
            {"last_outcome", retention->last_outcome},
            {"next_run", retention->next_run},
            {"failures", retention->failures},
            {"scheduled", retention->scheduled}};
}

std::string to_text(const timeseries::Keeper& keeper, const std::optional<timeseries::Retention>& retention) {
    if (!retention) return "all messages are kept\n";
    auto text = fmt::format("messages are kept for {}\n", timeseries::format(retention->keep));
    text += keeper.works_by_itself() ? fmt::format("the job of TimescaleDB applies it{}\n",
                                                   retention->scheduled ? "" : ", but is stopped")
                                     : "storage-db maintain applies it\n";
    if (!retention->last_run.empty()) {
        text += fmt::format("last run: {} {}\n", retention->last_run, retention->last_outcome);
    }
    return text;
}

ExitCode show(Session& session) {
    const auto keeper = require_tables(session);
    const auto retention = keeper->retention(session.messages());
    session.context().reporter.result(to_text(*keeper, retention), to_json(retention));
    return ExitCode::done;
}

ExitCode show_preview(Session& session) {
    const auto keeper = require_tables(session);
    const auto& values = session.context().values;
    auto keep = std::optional<timeseries::Span>();
    if (values.given("days")) {
        keep = days(values);
    } else if (const auto retention = keeper->retention(session.messages())) {
        keep = retention->keep;
    }
    if (!keep) {
        throw UsageError("there is no retention policy to preview", "Say for how many days with --days.");
    }
    const auto found = database::preview(*keeper, session.connection(), session.messages(), *keep);
    session.context().reporter.result(preview_text(found), preview_data(found));
    return ExitCode::done;
}

ExitCode change(cli::Context& context, const Request& request) {
    return run_writing<Session>(context, [&request](Session& session) {
        static_cast<void>(require_tables(session));
        return std::make_unique<MigrateOperation>(session, request);
    });
}

cli::Command show_command() {
    return {.name = "show",
            .summary = "Tell for how long messages are kept",
            .settings = database_settings(),
            .examples = {{"storage-db retention show", "is anything removed?"}},
            .run = [](cli::Context& context) { return run_reading<Session>(context, Access::read, show); }};
}

cli::Command preview_command() {
    return {.name = "preview",
            .summary = "List what a retention would remove at once, and when the rest goes",
            .description =
                "A chunk goes when all its messages are older. Rows of what would go at once are counted, "
                "those of other chunks estimated.",
            .options = {retention_days(false)},
            .settings = database_settings(),
            .examples = {{"storage-db retention preview --days 31", "before it is set"}},
            .run = [](cli::Context& context) {
                return run_reading<Session>(context, Access::read, show_preview);
            }};
}

cli::Command set_command() {
    return {.name = "set",
            .summary = "Keep messages for so many days from now on",
            .description = "What is older already goes at once, after agreement to the list of it (--yes).",
            .options = {retention_days(true)},
            .settings = database_settings(),
            .examples = {{"storage-db retention set --days 31 --dry-run", "see what would go"},
                         {"storage-db retention set --days 31 --yes", "set it, and remove what is older"}},
            .effect = cli::Effect::writes,
            .run = [](cli::Context& context) {
                return change(context, {.retention = true, .keep = days(context.values)});
            }};
}

cli::Command off_command() {
    return {.name = "off",
            .summary = "Keep all messages from now on",
            .settings = database_settings(),
            .examples = {{"storage-db retention off", "remove the policy"}},
            .effect = cli::Effect::writes,
            .run = [](cli::Context& context) { return change(context, {.retention = false}); }};
}

}  // namespace

cli::Command retention_command() {
    return {.name = "retention",
            .summary = "Say for how long messages are kept",
            .children = {show_command(), preview_command(), set_command(), off_command()}};
}

}  // namespace tti::storage_integration
