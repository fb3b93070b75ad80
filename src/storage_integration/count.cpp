#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "storage_integration/commands.hpp"
#include "storage_integration/filter_options.hpp"
#include "storage_integration/migrations.hpp"

namespace tti::storage_integration {
namespace {

ExitCode tell_counts(Session& session) {
    static_cast<void>(require_tables(session));
    auto& connection = session.connection();
    const auto wanted = filter(session.context().values, timeseries::server_now(connection));
    cli::Table table({"device", "messages"});
    std::int64_t total = 0;
    auto counts = nlohmann::json::object();
    for (const auto& [device, messages] : count(connection, session.messages(), wanted)) {
        table.add({device, std::to_string(messages)});
        counts[device] = messages;
        total += messages;
    }
    table.add({"all", std::to_string(total)});
    session.context().reporter.result(table.text(), {{"count", counts}, {"total", total}});
    return ExitCode::done;
}

}  // namespace

cli::Command count_command() {
    return {
        .name = "count",
        .summary = "Count the stored messages of an application, device by device",
        .options = filter_options(),
        .settings = database_settings(),
        .examples = {{"storage-db count --application-id water-levels", "everything that is stored of it"},
                     {"storage-db count --application-id water-levels --type uplink_message --last 24h",
                      "uplinks of the last day"}},
        .run = [](cli::Context& context) {
            return run_reading<Session>(context, Access::read_replica, tell_counts);
        }};
}

}  // namespace tti::storage_integration
