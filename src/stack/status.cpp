#include "stack/status.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "operation/display.hpp"
#include "stack/options.hpp"
#include "stack/stack_status.hpp"
#include "stack/status_text.hpp"
#include "stack/watch.hpp"

namespace tti::stack {
namespace {

std::chrono::nanoseconds interval(const settings::Values& values) {
    const auto interval = values.duration("interval");
    if (interval >= std::chrono::milliseconds(100)) return interval;
    throw UsageError(
        fmt::format("option --interval = {}: accepted: 100ms or more", values.display("interval", false)),
        "Leave it out for two seconds.");
}

ExitCode run(cli::Context& context) {
    const auto& values = context.values;
    const bool again = values.boolean("watch");
    // Looking through everything again and again would be work for the servers.
    const StatusRequest request{.quick = again || values.boolean("quick"), .limit = timeout(values)};
    const auto tell = [&](auto&& how) {
        const auto status = stack_status(context, request);
        how(status_text(status, operation::colours_results(context.reporter)), to_json(status));
        return status.code();
    };
    if (!again) {
        return tell([&](const auto& text, const auto& data) { context.reporter.result(text, data); });
    }
    return watch(
        [&] {
            return tell([&](const auto& text, const auto& data) {
                operation::refresh(context.reporter, text, data);
            });
        },
        interval(values), context.stop);
}

}  // namespace

cli::Command status_command() {
    return {
        .name = "status",
        .summary = "Tell of all databases of the stack whether they are in order, and what is due",
        .description =
            "Asks every database that the settings name, all at once, by its own status, history and migrate "
            "--dry-run: layout now and wanted, what is due and why, how long it will probably take, what the "
            "running stack notices, whether it can be undone, drift, retention, backups as far as the server "
            "tells, and the last operation. Nothing is written. The databases of stored messages and of the "
            "Network Operations Center are asked where their own address is set.\n\n"
            "A database that does not answer within --timeout is told as that and holds up no other. What is "
            "looked for in every key or table (data of an older layout, drift) is looked for as long as that "
            "allows; without it the answer goes by the recorded versions, and says so.\n\n"
            "The exit code is that of the most urgent answer: newer-database, then unreachable and other "
            "errors, then refused and locked, then due. Troubles with backups are told, and are no reason "
            "for "
            "another exit code.\n\n"
            "With --watch it is asked again and again, as with --quick, until Ctrl-C; the exit code is that "
            "of "
            "the last answer. On no terminal each answer is printed below the one before.",
        .options = {{.name = "quick",
                     .type = settings::Type::boolean,
                     .description = "go by the recorded versions, without a look at every key and table"},
                    timeout_option(),
                    {.name = "watch",
                     .type = settings::Type::boolean,
                     .description = "ask again and again, and show it in the same place",
                     .short_name = 'w'},
                    {.name = "interval",
                     .type = settings::Type::duration,
                     .description = "how long to wait between two looks of --watch",
                     .value_name = "DURATION",
                     .default_text = "2s"}},
        .settings = all_settings(),
        .examples = {{"status", "is my stack in order, and what do I have to do?"},
                     {"status --output json", "the same for a program"},
                     {"status --watch", "look on during an upgrade"}},
        .run = run};
}

}  // namespace tti::stack
