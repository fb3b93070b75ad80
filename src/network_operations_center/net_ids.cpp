#include "network_operations_center/net_ids.hpp"

#include <charconv>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "embedded/network_operations_center_net_ids.hpp"

namespace tti::network_operations_center {
namespace {

constexpr std::string_view revision_mark = "# Revision: ";

NetId parse_line(std::string_view line) {
    NetId result;
    const auto tab = line.find('\t');
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), result.number, 16);
    if (tab == std::string_view::npos || error != std::errc() || end != line.data() + tab)
        throw std::logic_error("net_ids.tsv: " + std::string(line));
    result.holder = line.substr(tab + 1);
    return result;
}

NetIds parse(std::string_view text) {
    NetIds result;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.starts_with(revision_mark)) result.revision = line.substr(revision_mark.size());
        if (!line.empty() && line.front() != '#') result.all.push_back(parse_line(line));
    }
    return result;
}

ExitCode show(cli::Context& context) {
    cli::Table table({"NetID", "type", "holder"});
    nlohmann::json data{{"revision", net_ids().revision}, {"net_ids", nlohmann::json::array()}};
    for (const auto& [number, holder] : net_ids().all) {
        table.add({format_net_id(number), std::to_string(number >> 21U), holder});
        data["net_ids"].push_back({{"net_id", format_net_id(number)}, {"holder", holder}});
    }
    context.reporter.result(fmt::format("revision: {}\n\n{}", net_ids().revision, table.text()), data);
    return ExitCode::done;
}

}  // namespace

const NetIds& net_ids() {
    static const NetIds all = parse(embedded::network_operations_center_net_ids::file("net_ids.tsv"));
    return all;
}

std::string format_net_id(std::uint32_t number) {
    return fmt::format("{:06X}", number);
}

std::string stored_net_ids_revision(Session& session) {
    const auto table = session.relation("net_ids_revision");
    if (session.connection().query("SELECT to_regclass($1)", {table}).is_null(0, 0)) return {};
    const auto row = session.connection().execute("SELECT max(revision) FROM " + table);
    return row.optional_text(0, 0).value_or("");
}

void store_net_ids(Session& session) {
    auto& connection = session.connection();
    const auto table = session.relation("net_ids");
    postgres::Transaction transaction(connection);
    connection.execute(
        fmt::format("DELETE FROM {}; DELETE FROM {}", table, session.relation("net_ids_revision")));
    std::vector<postgres::Statement> statements;
    for (const auto& [number, holder] : net_ids().all) {
        statements.push_back({fmt::format("INSERT INTO {} (net_id, operator) VALUES ($1, $2)", table),
                              {std::to_string(number), holder}});
    }
    statements.push_back({fmt::format("INSERT INTO {} VALUES ($1)", session.relation("net_ids_revision")),
                          {net_ids().revision}});
    connection.pipeline(statements);
    transaction.commit();
}

cli::Command net_ids_command() {
    return {
        .name = "net-ids",
        .summary = "Show who NetIDs belong to, and which revision of that list is built in",
        .description =
            "It needs no database. noc-db migrate stores the list there, for the names of the networks that "
            "gateways hear.",
        .examples = {{"noc-db net-ids", "all of them"},
                     {"noc-db net-ids --output json", "the same for a program"}},
        .run = show};
}

}  // namespace tti::network_operations_center
