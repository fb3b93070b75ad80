#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "storage_integration/commands.hpp"
#include "storage_integration/filter_options.hpp"
#include "storage_integration/json_lines.hpp"
#include "storage_integration/migrations.hpp"
#include "storage_integration/output.hpp"

namespace tti::storage_integration {
namespace {

struct Request {
    Filter filter;
    bool csv = false;
    std::int64_t limit = 0;  // 0: all
    std::string file;        // empty: standard output
};

Request read_request(const settings::Values& values, timeseries::Time now) {
    Request result{.filter = filter(values, now),
                   .csv = values.text("format") == "csv",
                   .limit = values.integer("limit"),
                   .file = values.text("to")};
    result.filter.newest_first = values.text("order") == "-received_at";
    if (result.limit < 0) throw UsageError("option --limit must not be negative", "Leave it out for all.");
    return result;
}

std::string copy_sql(const Session& session, const Request& request) {
    const auto columns =
        request.csv ? R"(to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS )"
                      "received_at, application_id, device_id, type, f_port, id, message"
                    : "message";
    return fmt::format("COPY (SELECT {} FROM {} WHERE {} ORDER BY {}{}) TO STDOUT{}", columns,
                       session.messages().relation(), condition(request.filter), order(request.filter),
                       request.limit > 0 ? fmt::format(" LIMIT {}", request.limit) : "",
                       request.csv ? " (FORMAT csv, HEADER)" : "");
}

std::int64_t copy(Session& session, const Request& request, Output& output) {
    auto& connection = session.connection();
    // The index has the order already; sorting ten million messages would need their space once more.
    connection.execute("SET LOCAL enable_sort = off");
    std::string line;
    return connection.copy_out(copy_sql(session, request), [&](std::string_view row) {
        if (request.csv) return output.write(row);
        to_json_line(row, line);
        output.write(line);
    });
}

ExitCode export_messages(Session& session) {
    static_cast<void>(require_tables(session));
    const auto request = read_request(session.context().values, timeseries::server_now(session.connection()));
    auto& reporter = session.context().reporter;
    Output output(request.file);
    const auto messages = copy(session, request, output);
    output.flush();
    const auto text = fmt::format("{} message{}", messages, messages == 1 ? "" : "s");
    if (request.file.empty()) {
        reporter.log(operation::Level::info, "Exported " + text);
    } else {
        reporter.result(text + " written to " + request.file,
                        {{"messages", messages}, {"file", request.file}});
    }
    return ExitCode::done;
}

std::vector<settings::Option> export_options() {
    auto options = filter_options();
    options.push_back({.name = "order",
                       .description = "by the time of receipt: the oldest first, or the newest",
                       .value_name = "ORDER",
                       .default_text = "received_at",
                       .choices = {"received_at", "-received_at"}});
    options.push_back({.name = "limit",
                       .type = settings::Type::integer,
                       .description = "so many at most; all when left out",
                       .value_name = "N",
                       .default_text = "0"});
    options.push_back({.name = "format",
                       .description = "a JSON object a line, or comma separated values with a heading",
                       .value_name = "FORMAT",
                       .default_text = "jsonl",
                       .choices = {"jsonl", "csv"}});
    options.push_back(
        {.name = "to", .description = "file to write; standard output when left out", .value_name = "FILE"});
    return options;
}

}  // namespace

cli::Command export_command() {
    return {
        .name = "export",
        .summary = "Write the stored messages of an application or end device",
        .description =
            "Each message as the API shows it, without the \"result\" around it, in the order of receipt. "
            "The messages are those of one instant, however long it takes, and are streamed: the number "
            "of messages does not matter to memory.",
        .options = export_options(),
        .settings = database_settings(),
        .examples = {{"storage-db export --application-id water-levels --last 24h", "the last day"},
                     {"storage-db export --application-id water-levels --device-id tank-07 --format csv "
                      "--to tank-07.csv",
                      "everything of one end device, for a spreadsheet"}},
        .run = [](cli::Context& context) {
            return run_reading<Session>(context, Access::read_replica, export_messages);
        }};
}

}  // namespace tti::storage_integration
