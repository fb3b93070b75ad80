#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "database/demo_chunks.hpp"
#include "database/demo_options.hpp"
#include "operation/failure_point.hpp"
#include "storage_integration/commands.hpp"
#include "storage_integration/demo_network.hpp"
#include "storage_integration/migrations.hpp"
#include "storage_integration/pages.hpp"
#include "storage_integration/store.hpp"

namespace tti::storage_integration {
namespace {

using operation::failure_point;
using operation::Plan;
using operation::StepContext;

constexpr std::int64_t progress_every = 1000;

std::string register_table(const Session& session) {
    return postgres::quote_identifier(session.schema()) + ".demo_applications";
}

std::int64_t registered(Session& session) {
    return session.connection()
        .execute(fmt::format("SELECT count(*) FROM {}", register_table(session)))
        .integer(0, 0);
}

// Fills the tables with a made-up network.
class FillOperation final : public operation::Operation {
  public:
    FillOperation(Session& session, const DemoNetwork& network)
        : session_(session), network_(network), keeper_(require_tables(session)) {}

    Plan plan() override;
    std::string result_text() override { return fmt::format("stored {} generated messages", stored_); }
    nlohmann::json result_data() override { return {{"messages", stored_}}; }

  private:
    void refuse_where_taken(Plan& plan);
    void fill(StepContext& context);

    Session& session_;
    DemoNetwork network_;
    std::unique_ptr<timeseries::Keeper> keeper_;
    std::int64_t stored_ = 0;
};

void FillOperation::refuse_where_taken(Plan& plan) {
    if (registered(session_) > 0) {
        plan.refusals.emplace_back("generated messages are there already");
        plan.refusal_hint = "Remove them first with: tti-lw-stack storage-db demo --remove";
        return;
    }
    PageReader reader(session_.connection(), session_.messages());
    for (int number = 1; number <= network_.applications; ++number) {
        const Filter mine{.application_id = demo_application(number)};
        if (reader.page(mine, std::nullopt, 1).empty()) continue;
        plan.refusals.push_back(
            fmt::format("application {} has messages that were not generated", demo_application(number)));
        plan.refusal_hint = "Generate them in another database.";
    }
}

void FillOperation::fill(StepContext& context) {
    DemoMessages messages(network_);
    auto& connection = session_.connection();
    failure_point("before fill");
    postgres::Transaction transaction(connection);
    for (int number = 1; number <= network_.applications; ++number) {
        connection.query(
            fmt::format("INSERT INTO {} (application_id, seed) VALUES ($1, $2::bigint)",
                        register_table(session_)),
            {demo_application(number), std::to_string(static_cast<std::int64_t>(network_.seed))});
    }
    std::int64_t produced = 0;
    stored_ = store(connection, session_.messages(), [&]() {
        if (++produced % progress_every == 0) {
            context.progress("messages", produced, messages.expected());
            failure_point("inside fill");
        }
        return messages.next();
    });
    transaction.commit();
    failure_point("after fill");
    context.count("messages", stored_);
}

Plan FillOperation::plan() {
    Plan plan{.title = "fill the database with generated messages"};
    refuse_where_taken(plan);
    database::plan_demo_chunks(plan, *keeper_, {session_.messages()}, {network_.from, network_.to});
    plan.steps.push_back(
        {.name = "fill",
         .what = fmt::format("store about {} messages of {} applications from {} to {}",
                             DemoMessages(network_).expected(), network_.applications,
                             timeseries::format(network_.from), timeseries::format(network_.to)),
         .why = "asked for",
         .lock = operation::Lock::rows,
         .undo = "storage-db demo --remove",
         .run = [this](StepContext& context) { fill(context); }});
    plan.notes.emplace_back("They are of applications demo-1, demo-2, … and marked as simulated.");
    return plan;
}

// Removes what was generated.
class RemoveOperation final : public operation::Operation {
  public:
    explicit RemoveOperation(Session& session) : session_(session) {
        static_cast<void>(require_tables(session));
    }

    Plan plan() override;
    std::string result_text() override { return fmt::format("removed {} generated messages", removed_); }
    nlohmann::json result_data() override { return {{"messages", removed_}}; }

  private:
    void remove(StepContext& context);

    Session& session_;
    std::int64_t removed_ = 0;
};

void RemoveOperation::remove(StepContext& context) {
    auto& connection = session_.connection();
    failure_point("before removal");
    postgres::Transaction transaction(connection);
    removed_ = connection
                   .execute(fmt::format("DELETE FROM {} m USING {} d WHERE m.tenant_id = d.tenant_id AND "
                                        "m.application_id = d.application_id",
                                        session_.messages().relation(), register_table(session_)))
                   .affected();
    failure_point("inside removal");
    connection.execute(fmt::format("DELETE FROM {}", register_table(session_)));
    transaction.commit();
    failure_point("after removal");
    context.count("messages", removed_);
}

Plan RemoveOperation::plan() {
    Plan plan{.title = "remove the generated messages"};
    const auto applications = registered(session_);
    if (applications == 0) return plan;
    plan.steps.push_back(
        {.name = "remove",
         .what = fmt::format("delete the messages of {} generated applications", applications),
         .why = "asked for",
         .touches = {{"applications", applications}},
         .lock = operation::Lock::rows,
         .undo = "storage-db demo",
         .run = [this](StepContext& context) { remove(context); }});
    return plan;
}

DemoNetwork network(const settings::Values& values) {
    const auto time = database::demo_time(values);
    return {.seed = time.seed,
            .applications = database::demo_size(values, "applications", 1000),
            .devices = database::demo_size(values, "devices", 99999),
            .gateways = database::demo_size(values, "gateways", 9999),
            .from = time.from,
            .to = time.to,
            .interval = time.interval};
}

std::vector<settings::Option> demo_options() {
    return database::demo_options(
        "messages",
        {database::demo_size("applications", "how many applications", "2"),
         database::demo_size("devices", "how many end devices an application has", "20"),
         database::demo_size("gateways", "how many gateways hear them", "5")},
        "10m");
}

}  // namespace

cli::Command demo_command() {
    return {.name = "demo",
            .summary = "Store the messages of a made-up network, or remove them",
            .description =
                "Uplinks with losses, spreading factors and channels, joins, confirmations and "
                "locations, of applications demo-1, demo-2 and so on, all marked as simulated.",
            .options = demo_options(),
            .settings = database_settings(),
            .examples = {{"storage-db demo --days 7 --devices 100", "a week of a small network"},
                         {"storage-db demo --remove", "remove it"}},
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

}  // namespace tti::storage_integration
