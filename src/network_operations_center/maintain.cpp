#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "database/writer.hpp"
#include "network_operations_center/commands.hpp"
#include "network_operations_center/health.hpp"
#include "network_operations_center/late_events.hpp"
#include "network_operations_center/migrations.hpp"
#include "operation/failure_point.hpp"
#include "timeseries/schedule.hpp"

namespace tti::network_operations_center {
namespace {

using operation::failure_point;
using operation::Plan;
using operation::Step;
using operation::StepContext;
using timeseries::Range;

// Refreshes aggregates, makes chunks ahead of time, drops what has expired. Of TimescaleDB it only looks at
// the jobs, and starts those that a killed run left stopped.
class MaintainOperation final : public operation::Operation {
  public:
    explicit MaintainOperation(Session& session)
        : session_(session), tables_(session, require_tables(session)) {}

    Plan plan() override;
    std::string result_text() override;
    nlohmann::json result_data() override { return {{"chunks_made", made_}, {"chunks_dropped", dropped_}}; }
    Tables& tables() { return tables_; }

  private:
    void plan_making(const Kept& kept, timeseries::Time now, Plan& plan);
    void plan_dropping(const Kept& kept, Plan& plan);
    void plan_consent(Plan& plan);

    Session& session_;
    Tables tables_;
    std::size_t steps_ = 0;
    std::size_t made_ = 0;
    std::size_t dropped_ = 0;
    std::int64_t expired_rows_ = 0;
};

void MaintainOperation::plan_making(const Kept& kept, timeseries::Time now, Plan& plan) {
    auto& keeper = tables_.keeper();
    auto missing = keeper.missing(kept.storage, now);
    if (const auto retention = keeper.retention(kept.table)) {
        std::erase_if(
            missing, [&](const Range& range) { return timeseries::is_expired(range, now, retention->keep); });
    }
    if (missing.empty()) return;
    plan.steps.push_back({.name = "chunks of " + kept.table.name,
                          .what = fmt::format("make {} chunks of {}", missing.size(), kept.table.name),
                          .why = "their time is near, or rows came before there was one",
                          .touches = {{"chunks", static_cast<std::int64_t>(missing.size())}},
                          .lock = operation::Lock::table,
                          .run = [this, table = kept.storage, missing](StepContext& context) {
                              for (const auto& range : missing) {
                                  failure_point("before make");
                                  const auto moved = tables_.keeper().make(table, range);
                                  failure_point("after make");
                                  ++made_;
                                  context.count("chunks made", 1);
                                  if (moved > 0) context.count("rows moved", moved);
                                  context.safe_point();
                              }
                          }});
}

void MaintainOperation::plan_dropping(const Kept& kept, Plan& plan) {
    const auto retention = tables_.keeper().retention(kept.table);
    if (!retention) return;
    const auto found = tables_.preview(kept, retention->keep);
    expired_rows_ += found.rows;
    std::ranges::move(tables_.drop_steps(kept, found, dropped_), std::back_inserter(plan.steps));
}

// The retention was agreed to; that nothing at all is left points to a wrong clock or a dead ingest.
void MaintainOperation::plan_consent(Plan& plan) {
    const auto rows = expired_rows_ > 0 ? tables_.rows_if_nothing_stays() : 0;
    if (rows == 0) return;
    plan.confirmation = fmt::format(
        "the retention of events and aggregates would remove everything that is stored: {} rows", rows);
}

Plan MaintainOperation::plan() {
    Plan plan{.title = "maintain the database of the Network Operations Center"};
    plan_left_over_jobs(plan, session_);
    if (tables_.keeper().works_by_itself()) {
        plan.notes.emplace_back("TimescaleDB keeps these tables itself; only its jobs are looked at.");
        if (const auto late = late_events_due(session_, tables_))
            plan.steps.push_back(late_events_step(session_, *late));
    } else {
        const auto now = timeseries::server_now(session_.connection());
        for (const auto& kept : tables_.all()) plan_making(kept, now, plan);
        const auto stale = tables_.roll_ups().stale();
        if (!stale.empty()) plan.steps.push_back(tables_.refresh_step({}, stale.size()));
        for (const auto& kept : tables_.all()) plan_dropping(kept, plan);
        plan_consent(plan);
    }
    steps_ = plan.steps.size();
    return plan;
}

std::string MaintainOperation::result_text() {
    if (steps_ == 0) return "nothing was due";
    return fmt::format("done; made {} chunks, dropped {}", made_, dropped_);
}

ExitCode maintain(cli::Context& context) {
    Session session(context, database::access_to_write(context));
    database::Writer writer(context, session.uri(), operation::Area::network_operations_center,
                            session.setting());
    MaintainOperation operation(session);
    writer.run(operation);
    auto& tables = operation.tables();
    if (!writer.dry_run()) {
        for (const auto& kept : tables.all()) tables.keeper().note_run(kept.table);
    }
    if (!tables.keeper().works_by_itself()) return ExitCode::done;
    const auto troubles = health(session, tables).troubles;
    for (const auto& trouble : troubles) context.reporter.log(operation::Level::warn, trouble);
    return troubles.empty() ? ExitCode::done : ExitCode::due;
}

}  // namespace

cli::Command maintain_command() {
    return {.name = "maintain",
            .summary = "Refresh aggregates, make chunks ahead of time, drop those that have expired",
            .description =
                "For cron, every five minutes or as often as one likes; it does nothing where nothing is "
                "due, and asks (--yes) before it would leave nothing at all. Events that come late are added "
                "to the aggregates for as long as events of their time "
                "are kept. Under TimescaleDB it only looks at the jobs: whether they run (exit code 3 tells "
                "that they do not), and whether they count events that come as late as they may.",
            .settings = database_settings(),
            .examples = {{"noc-db maintain", "every five minutes"},
                         {"noc-db maintain --dry-run", "see what is due"}},
            .effect = cli::Effect::writes,
            .run = maintain};
}

}  // namespace tti::network_operations_center
