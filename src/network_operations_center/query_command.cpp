#include <chrono>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "network_operations_center/commands.hpp"
#include "network_operations_center/migrations.hpp"
#include "network_operations_center/query_page.hpp"

namespace tti::network_operations_center {
namespace {

using settings::Type;

constexpr auto default_limit = "noc.store.pagination.default-limit";

std::vector<std::string> names() {
    std::vector<std::string> result;
    for (const auto& query : queries()) result.emplace_back(query.name);
    return result;
}

settings::Option text_option(std::string name, std::string description) {
    return {.name = std::move(name), .description = std::move(description), .value_name = "ID"};
}

settings::Option number_option(std::string name, std::string description, std::string standard) {
    return {.name = std::move(name),
            .type = Type::integer,
            .description = std::move(description),
            .value_name = "N",
            .default_text = std::move(standard)};
}

std::vector<settings::Option> query_options() {
    return {text_option("tenant-id", "tenant that is asked about"),
            text_option("gateway-id", "gateway that is asked about"),
            text_option("application-id", "application that is asked about"),
            text_option("device-id", "end device that is asked about"),
            {.name = "to",
             .type = Type::time,
             .description = "end of the time; now when left out",
             .value_name = "TIME"},
            {.name = "last",
             .type = Type::duration,
             .description = "how long before its end the time begins",
             .value_name = "DURATION",
             .default_text = "24h"},
            {.name = "bucket",
             .type = Type::duration,
             .description = "length of the buckets of what is told over time",
             .value_name = "DURATION",
             .default_text = "1h"},
            number_option("top", "of networks, how many at most", "5"),
            {.name = "limit",
             .type = Type::integer,
             .description = "how many rows, or buckets of time, at most; noc.store.pagination.default-limit "
                            "when left out",
             .value_name = "N"},
            number_option("page", "which page of that many", "1")};
}

std::vector<std::string> query_settings() {
    auto settings = database_settings();
    settings.emplace_back(default_limit);
    return settings;
}

timeseries::Span span(const settings::Values& values, const std::string& option) {
    const auto given = std::chrono::duration_cast<timeseries::Span>(values.duration(option));
    if (given > timeseries::Span::zero()) return given;
    throw UsageError(fmt::format("option --{}: accepted: a duration above zero", option));
}

std::int64_t number(const settings::Values& values, const std::string& option) {
    const auto given = values.integer(option);
    if (given >= 1 && given <= 1000000) return given;
    throw UsageError(fmt::format("option --{} = \"{}\": accepted: 1 to 1000000", option, given));
}

std::int64_t limit(const settings::Values& values) {
    return number(values, values.given("limit") ? "limit" : default_limit);
}

void require(const std::string& value, const std::string& option) {
    if (value.empty()) throw UsageError(fmt::format("option --{} is missing", option));
}

void require_subject(Subject subject, const Arguments& arguments) {
    if (subject == Subject::gateway) require(arguments.gateway, "gateway-id");
    if (subject == Subject::application || subject == Subject::end_device)
        require(arguments.application, "application-id");
    if (subject == Subject::end_device) require(arguments.device, "device-id");
}

Arguments arguments(const settings::Values& values, timeseries::Time now) {
    Arguments result{.tenant = values.text("tenant-id"),
                     .gateway = values.text("gateway-id"),
                     .application = values.text("application-id"),
                     .device = values.text("device-id"),
                     .from = {},
                     .to = now,
                     .bucket = span(values, "bucket"),
                     .top = number(values, "top"),
                     .limit = limit(values),
                     .page = number(values, "page")};
    if (const auto to = values.time("to")) result.to = std::chrono::floor<timeseries::Span>(*to);
    result.from = result.to - span(values, "last");
    return result;
}

nlohmann::json to_json(const postgres::Result& rows) {
    auto data = nlohmann::json::array();
    for (int row = 0; row < rows.rows(); ++row) {
        nlohmann::json one = nlohmann::json::object();
        for (int column = 0; column < rows.columns(); ++column) {
            const auto text = rows.optional_text(row, column);
            one[std::string(rows.column_name(column))] = text ? nlohmann::json(*text) : nlohmann::json();
        }
        data.push_back(std::move(one));
    }
    return data;
}

// What is left after this page; empty where there is one page.
std::string place_text(const Query& query, const Arguments& wanted, std::int64_t total) {
    if (total <= wanted.limit) return {};
    const auto pages = (total + wanted.limit - 1) / wanted.limit;
    return fmt::format("\npage {} of {}; {} {} in all\n", wanted.page, pages, total,
                       paged(query) == Paged::buckets ? "buckets of time" : "rows");
}

std::string to_text(const postgres::Result& rows) {
    if (rows.empty()) return "nothing\n";
    std::vector<std::string> head;
    head.reserve(static_cast<std::size_t>(rows.columns()));
    for (int column = 0; column < rows.columns(); ++column) head.emplace_back(rows.column_name(column));
    cli::Table table(head);
    for (int row = 0; row < rows.rows(); ++row) {
        std::vector<std::string> cells;
        cells.reserve(static_cast<std::size_t>(rows.columns()));
        for (int column = 0; column < rows.columns(); ++column)
            cells.push_back(rows.optional_text(row, column).value_or(""));
        table.add(cells);
    }
    return table.text();
}

ExitCode answer(Session& session) {
    static_cast<void>(require_readable(session));
    const auto& values = session.context().values;
    const auto& query = *find_query(values.text("name"));
    const auto wanted = arguments(values, timeseries::server_now(session.connection()));
    require_subject(query.subject, wanted);
    session.connection().execute("SET LOCAL timezone = 'UTC'");
    const auto begin = std::chrono::steady_clock::now();
    const auto rows = session.connection().query(page_statement(query, wanted));
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    const auto total = session.connection().query(total_statement(query, wanted)).integer(0, 0);
    session.context().reporter.result(to_text(rows) + place_text(query, wanted, total),
                                      {{"method", query.method},
                                       {"milliseconds", took.count()},
                                       {"total", total},
                                       {"limit", wanted.limit},
                                       {"page", wanted.page},
                                       {"rows", to_json(rows)}});
    return ExitCode::done;
}

}  // namespace

cli::Command query_command() {
    return {
        .name = "query",
        .summary = "Answer a question about gateways, applications or end devices",
        .description =
            "The same questions, answered from the same aggregates, as those of the Network Operations "
            "Center's service. "
            "The longer the time, the coarser the aggregates: hours up to seven days, days above.",
        .arguments = {{.name = "name",
                       .description = "which question",
                       .value_name = "NAME",
                       .choices = names(),
                       .required = true}},
        .options = query_options(),
        .settings = query_settings(),
        .examples =
            {{"noc-db query gateways-connectivity", "which gateways were there in the last day?"},
             {"noc-db query end-device-packet-error-rate --application-id water-levels --device-id tank-07 "
              "--last 168h",
              "how many frames of a device were lost in a week?"}},
        .run = [](cli::Context& context) {
            return run_reading<Session>(context, Access::read_replica, answer);
        }};
}

}  // namespace tti::network_operations_center
