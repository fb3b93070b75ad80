#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "database/demo_chunks.hpp"
#include "database/demo_options.hpp"
#include "network_operations_center/commands.hpp"
#include "network_operations_center/demo_network.hpp"
#include "network_operations_center/layout.hpp"
#include "network_operations_center/migrations.hpp"
#include "network_operations_center/tables.hpp"
#include "operation/failure_point.hpp"

namespace tti::network_operations_center {
namespace {

using operation::failure_point;
using operation::Plan;
using operation::StepContext;

std::int64_t registered(Session& session) {
    return session.connection()
        .execute(fmt::format("SELECT count(*) FROM {}", session.relation("demo_tenants")))
        .integer(0, 0);
}

bool has_rows(Session& session) {
    return !session.connection()
                .query(fmt::format("SELECT 1 FROM {} WHERE tenant_id = $1 LIMIT 1",
                                   session.relation("active_gateways_1h")),
                       {std::string(demo_tenant)})
                .empty();
}

// Fills the tables with a made-up network.
class FillOperation final : public operation::Operation {
  public:
    FillOperation(Session& session, const DemoNetwork& network)
        : session_(session), network_(network), tables_(session, require_tables(session)) {}

    Plan plan() override;
    std::string result_text() override { return fmt::format("stored {} generated events", stored_); }
    nlohmann::json result_data() override { return {{"events", stored_}}; }

  private:
    void refuse_where_it_would_harm(Plan& plan);
    void copy(DemoEvents::Rows& rows);
    void fill(StepContext& context);

    Session& session_;
    DemoNetwork network_;
    Tables tables_;
    std::int64_t stored_ = 0;
};

void FillOperation::copy(DemoEvents::Rows& rows) {
    for (std::size_t table = 0; table < rows.size(); ++table) {
        if (rows.at(table).empty()) continue;
        bool given = false;
        stored_ += session_.connection().copy_in(
            fmt::format("COPY {} FROM STDIN", session_.relation(table_of(static_cast<DemoTable>(table)))),
            [&](std::string& bytes) {
                if (!given) bytes.swap(rows.at(table));
                return !std::exchange(given, true);
            });
        rows.at(table).clear();
    }
}

void FillOperation::fill(StepContext& context) {
    DemoEvents events(network_);
    DemoEvents::Rows rows;
    failure_point("before fill");
    postgres::Transaction transaction(session_.connection());
    session_.connection().query(
        fmt::format("INSERT INTO {} (tenant_id, seed) VALUES ($1, $2::bigint)",
                    session_.relation("demo_tenants")),
        {std::string(demo_tenant), std::to_string(static_cast<std::int64_t>(network_.seed))});
    for (bool more = true; more;) {
        more = events.next(rows);
        copy(rows);
        context.progress("uplinks", events.done(), events.expected());
        failure_point("inside fill");
    }
    transaction.commit();
    failure_point("after fill");
    context.count("events", stored_);
}

// Aggregates of a time whose events are gone must not be made anew.
void FillOperation::refuse_where_it_would_harm(Plan& plan) {
    if (registered(session_) > 0 || has_rows(session_)) {
        plan.refusals.push_back(fmt::format("tenant {} has events already", demo_tenant));
        plan.refusal_hint = "Remove generated ones first with: tti-lw-stack noc-db demo --remove";
        return;
    }
    const auto kept_from = timeseries::server_now(session_.connection()) - least_raw_retention;
    if (network_.from >= kept_from) return;
    for (const auto& kept : tables_.aggregates()) {
        const auto any = fmt::format("SELECT 1 FROM {} LIMIT 1", kept.table.relation());
        if (session_.connection().execute(any).empty()) continue;
        plan.refusals.push_back(
            fmt::format("there are aggregates already ({}), and events are wanted of before {}",
                        kept.table.name, timeseries::format(kept_from)));
        plan.refusal_hint = "Give --days 2, or generate them in another database.";
        return;
    }
}

Plan FillOperation::plan() {
    Plan plan{.title = "fill the database with generated events"};
    refuse_where_it_would_harm(plan);
    std::vector<timeseries::Table> all;
    for (const auto& kept : tables_.all()) all.push_back(kept.table);
    database::plan_demo_chunks(plan, tables_.keeper(), all, {network_.from, network_.to});
    plan.steps.push_back(
        {.name = "fill",
         .what = fmt::format("store the events of {} uplinks of tenant {} from {} to {}",
                             DemoEvents(network_).expected(), demo_tenant, timeseries::format(network_.from),
                             timeseries::format(network_.to)),
         .why = "asked for",
         .lock = operation::Lock::rows,
         .undo = "noc-db demo --remove",
         .run = [this](StepContext& context) { fill(context); }});
    plan.steps.push_back(tables_.refresh_step({network_.from, network_.to}, 0));
    plan.steps.back().why = "events have come";
    return plan;
}

// Removes what was generated: everything of its tenant.
class RemoveOperation final : public operation::Operation {
  public:
    explicit RemoveOperation(Session& session)
        : session_(session), tables_(session, require_tables(session)) {}

    Plan plan() override;
    std::string result_text() override { return fmt::format("removed {} generated events", removed_); }
    nlohmann::json result_data() override { return {{"events", removed_}}; }

  private:
    void remove(StepContext& context);

    Session& session_;
    Tables tables_;
    std::int64_t removed_ = 0;
};

void RemoveOperation::remove(StepContext& context) {
    auto& connection = session_.connection();
    const auto theirs = fmt::format("tenant_id = {}", postgres::quote_literal(demo_tenant));
    postgres::Transaction transaction(connection);
    for (const auto& kept : tables_.raw()) {
        removed_ += connection.execute(fmt::format("DELETE FROM {} WHERE {}", kept.table.relation(), theirs))
                        .affected();
        failure_point("inside removal");
    }
    for (const auto& roll_up : roll_ups(session_.schema()).all) tables_.roll_ups().erase(roll_up, theirs);
    connection.execute(fmt::format("DELETE FROM {}", session_.relation("demo_tenants")));
    transaction.commit();
    context.count("events", removed_);
}

Plan RemoveOperation::plan() {
    Plan plan{.title = "remove the generated events"};
    if (registered(session_) == 0) return plan;
    plan.steps.push_back({.name = "remove",
                          .what = fmt::format("delete events and aggregates of tenant {}", demo_tenant),
                          .why = "asked for",
                          .lock = operation::Lock::rows,
                          .undo = "noc-db demo",
                          .run = [this](StepContext& context) { remove(context); }});
    return plan;
}

DemoNetwork network(const settings::Values& values) {
    const auto time = database::demo_time(values);
    return {.seed = time.seed,
            .gateways = database::demo_size(values, "gateways", 99999),
            .applications = database::demo_size(values, "applications", 9999),
            .devices = database::demo_size(values, "devices", 999999),
            .from = time.from,
            .to = time.to,
            .interval = time.interval};
}

std::vector<settings::Option> demo_options() {
    return database::demo_options(
        "events",
        {database::demo_size("gateways", "how many gateways", "5"),
         database::demo_size("applications", "how many applications", "2"),
         database::demo_size("devices", "how many end devices all applications have together", "40")},
        "15m");
}

}  // namespace

cli::Command demo_command() {
    return {.name = "demo",
            .summary = "Store the events of a made-up network, or remove them",
            .description =
                "Connections of gateways with round-trip times, uplinks with losses, spreading factors and "
                "channels, uplinks of other networks, forwarded events and webhook failures: all of tenant "
                "demo. Their aggregates are made at once.",
            .options = demo_options(),
            .settings = database_settings(),
            .examples = {{"noc-db demo --days 7 --gateways 20 --devices 500", "a week of a small network"},
                         {"noc-db demo --remove", "remove it"}},
            .effect = cli::Effect::writes,
            .run = [](cli::Context& context) {
                if (context.values.boolean("remove")) {
                    return run_writing<Session>(
                        context, [](Session& session) { return std::make_unique<RemoveOperation>(session); });
                }
                const auto wanted = network(context.values);
                return run_writing<Session>(context, [wanted](Session& session) {
                    return std::make_unique<FillOperation>(session, wanted);
                });
            }};
}

}  // namespace tti::network_operations_center
