#include "network_operations_center/migrate.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "network_operations_center/conversion.hpp"
#include "network_operations_center/jobs.hpp"
#include "network_operations_center/layout.hpp"
#include "network_operations_center/net_ids.hpp"
#include "operation/failure_point.hpp"

namespace tti::network_operations_center {
namespace {

using operation::failure_point;
using operation::Plan;
using operation::StepContext;
using timeseries::Span;
using timeseries::Way;

}  // namespace

void MigrateOperation::require_extension() {
    if (request_.way != Way::timescaledb ||
        timeseries::has_timescaledb(session_.connection(), session_.capabilities()))
        return;
    throw RefusedError(
        "this database has no TimescaleDB, or one under the licence apache, which has no policies",
        "Give CREATE EXTENSION timescaledb in it, or leave out --timeseries: partitions do what is needed.");
}

// With all that was asked for as it is kept now; hence the last step.
void MigrateOperation::plan_conversion(Plan& plan) {
    if (!tables_ || !request_.way || *request_.way == way_) return;
    if (*request_.way == Way::partitions) {
        plan.refusals.emplace_back("the tables are kept by TimescaleDB already");
        plan.refusal_hint =
            "Leave out --timeseries: tables move from partitions to TimescaleDB, and not back.";
        return;
    }
    std::int64_t rows = 0;
    for (const auto& kept : tables_->all()) {
        for (const auto& chunk : tables_->keeper().chunks(kept.storage)) rows += chunk.rows;
    }
    plan.steps.push_back(conversion_step(session_, rows));
    plan.notes.emplace_back(
        "Events that come meanwhile wait while their table is copied, and aggregates stay as they were last "
        "refreshed; every copy needs as much space again as its table.");
}

void MigrateOperation::plan_migrations(const SchemaState& state, Plan& plan) {
    const auto group = state.bookkeeping.last_group() + 1;
    for (const auto* migration : state.due()) {
        plan.steps.push_back({.name = migration->full_name(),
                              .what = std::string(migration->what),
                              .why = "not applied yet",
                              .lock = operation::Lock::none,
                              .run = [this, migration, group](StepContext& context) {
                                  apply(session_, *migration, way_, group, context);
                              }});
    }
}

// The number of chunks that have expired.
std::size_t MigrateOperation::plan_removal(const std::vector<Kept>& changed, Span keep, Plan& plan) {
    std::vector<operation::Step> steps;
    timeseries::Range range{timeseries::Time::max(), timeseries::Time::min()};
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
    for (const auto& kept : changed) {
        const auto found = tables_->preview(kept, keep);
        std::ranges::move(tables_->drop_steps(kept, found, dropped_), std::back_inserter(steps));
        rows += found.rows;
        bytes += found.bytes;
        for (const auto& chunk : found.expired) {
            range.from = std::min(range.from, chunk.range.from);
            range.to = std::max(range.to, chunk.range.to);
        }
    }
    if (steps.empty()) return 0;
    if (rows > 0) {
        plan.confirmation = fmt::format("{} rows in {} chunks ({}) from {} to {} would be removed for good",
                                        rows, steps.size(), database::size_text(bytes),
                                        timeseries::format(range.from), timeseries::format(range.to));
    }
    plan.steps.push_back(tables_->refresh_step(range, 0));
    std::ranges::move(steps, std::back_inserter(plan.steps));
    return steps.size();
}

// What has expired goes before the policy is set, so that a policy never removes what nobody agreed to.
void MigrateOperation::plan_retention(bool aggregates, Span keep, Plan& plan) {
    std::vector<Kept> changed;
    if (tables_) {
        for (const auto& kept : aggregates ? tables_->aggregates() : tables_->raw()) {
            const auto present = tables_->keeper().retention(kept.table);
            if (!present || present->keep != keep) changed.push_back(kept);
        }
        if (changed.empty()) return;
        plan_removal(changed, keep, plan);
    }
    plan.steps.push_back({.name = aggregates ? "retention of aggregates" : "retention of events",
                          .what = fmt::format("keep {} for {}", aggregates ? "aggregates" : "events",
                                              timeseries::format(keep)),
                          .why = "not set so",
                          .lock = operation::Lock::rows,
                          .run = [this, aggregates, keep](StepContext&) {
                              Tables tables(session_, way_);
                              failure_point("before policy");
                              for (const auto& kept : aggregates ? tables.aggregates() : tables.raw()) {
                                  const auto present = tables.keeper().retention(kept.table);
                                  if (present && present->keep < keep)
                                      will_keep_longer(session_, tables, kept, present->keep);
                                  if (!present || present->keep != keep)
                                      tables.keeper().set_retention(kept.table, keep);
                                  failure_point("inside policy");
                              }
                          }});
}

// As they are when the steps before have run.
std::optional<LateEvents> MigrateOperation::late_events() {
    if (way_ == Way::partitions) return std::nullopt;
    if (tables_)
        return late_events_due(session_, *tables_, {request_.raw_retention, request_.aggregate_retention});
    const auto due = std::min<Span>(
        request_.raw_retention,
        request_.aggregate_retention.value_or(least_aggregate_retention) - std::chrono::days(7));
    return due == timeseries::least_late ? std::nullopt
                                         : std::optional(LateEvents{timeseries::least_late, due});
}

// Before events go where it gets less, so that no job makes a bucket anew whose events have just gone.
void MigrateOperation::plan_late_events(const std::optional<LateEvents>& late, bool shorter, Plan& plan) {
    if (!late || (late->due < late->now) != shorter) return;
    plan.steps.push_back(
        late_events_step(session_, *late, {request_.raw_retention, request_.aggregate_retention}));
}

void MigrateOperation::plan_net_ids(Plan& plan) {
    if (tables_ && stored_net_ids_revision(session_) == net_ids().revision) return;
    plan.steps.push_back(
        {.name = "net ids",
         .what = fmt::format("store {} NetIDs ({})", net_ids().all.size(), net_ids().revision),
         .why = "another revision is stored, or none",
         .touches = {{"rows", static_cast<std::int64_t>(net_ids().all.size())}},
         .lock = operation::Lock::rows,
         .run = [this](StepContext&) { store_net_ids(session_); }});
}

Plan MigrateOperation::plan() {
    Plan plan{.title = "migrate the database of the Network Operations Center"};
    require_extension();
    const auto state = read_state(session_);
    require_known(session_, state);
    // Those that are behind are never migrated as a side effect.
    if (request_.fresh && !state.empty()) static_cast<void>(require_tables(session_));
    way_ = session_.kept_as().value_or(
        request_.way.value_or(timeseries::preferred_way(session_.connection(), session_.capabilities())));
    begun_ = state.has_tables && conversion_begun(session_);
    if (state.has_tables && !begun_) tables_.emplace(session_, way_);
    plan.notes.push_back(
        fmt::format("Tables in schema {}, kept by {}.", session_.schema(), timeseries::describe(way_)));
    if (begun_) {
        plan.steps.push_back(conversion_step(session_, 0));
        plan.notes.emplace_back("What else is due is looked at by the next run.");
    } else {
        plan_all(state, plan);
    }
    steps_ = plan.steps.size();
    return plan;
}

void MigrateOperation::plan_all(const SchemaState& state, Plan& plan) {
    plan_migrations(state, plan);
    plan_left_over_jobs(plan, session_);
    plan_net_ids(plan);
    const auto late = late_events();
    plan_late_events(late, true, plan);
    plan_retention(false, request_.raw_retention, plan);
    if (request_.aggregate_retention) plan_retention(true, *request_.aggregate_retention, plan);
    plan_late_events(late, false, plan);
    plan_conversion(plan);
    if (way_ == Way::partitions && request_.way != Way::timescaledb && !plan.steps.empty()) {
        plan.notes.emplace_back(
            "Run noc-db maintain every five minutes: it refreshes the aggregates and applies the retention.");
    }
}

void MigrateOperation::verify() {
    Tables tables(session_, require_tables(session_));
    if (begun_) return;
    for (const auto& kept : tables.raw()) {
        const auto present = tables.keeper().retention(kept.table);
        if (present && present->keep == request_.raw_retention) continue;
        throw Error(ExitCode::unexpected,
                    fmt::format("the retention of {} is not what was asked for", kept.table.name),
                    "Look at it with: tti-lw-stack noc-db status");
    }
}

std::string MigrateOperation::result_text() {
    if (steps_ == 0) return "nothing to do: everything is as asked";
    return fmt::format("the tables of the Network Operations Center are up to date, kept by {}",
                       timeseries::describe(session_.kept_as().value_or(way_)));
}

nlohmann::json MigrateOperation::result_data() {
    return {
        {"schema", session_.schema()},
        {"way", timeseries::describe(session_.kept_as().value_or(way_))},
        {"raw_retention_seconds", std::chrono::floor<std::chrono::seconds>(request_.raw_retention).count()},
        {"chunks_dropped", dropped_}};
}

namespace {

std::vector<std::string> migrate_settings() {
    auto settings = database_settings();
    settings.emplace_back("noc.store.raw-data-retention");
    return settings;
}

ExitCode migrate(cli::Context& context, bool fresh) {
    auto wanted = request(context.values);
    wanted.fresh = fresh;
    return run_writing<Session>(
        context, [&](Session& session) { return std::make_unique<MigrateOperation>(session, wanted); });
}

}  // namespace

cli::Command migrate_command() {
    return {.name = "migrate",
            .summary = "Migrate the database of the Network Operations Center",
            .description =
                "Brings the tables to what this release needs, on an empty database too, and applies "
                "noc.store.raw-data-retention. Events that have expired go only after agreement (--yes); "
                "their aggregates stay for 30 days, or longer when set.\n\n"
                "The tables are kept by TimescaleDB where its extension is installed in the database, else "
                "as partitions of PostgreSQL, which noc-db maintain looks after. TimescaleDB's jobs on these "
                "tables are stopped during each migration and started again.\n\n"
                "With --timeseries timescaledb, tables that are kept as partitions are moved to TimescaleDB "
                "with all their rows, those of aggregates whose events are gone included. A run that was "
                "killed meanwhile is gone on with by the next migrate.",
            .options = migrate_options(),
            .settings = migrate_settings(),
            .examples = {{"noc-db migrate --dry-run", "see what is due"},
                         {"noc-db migrate --noc.store.raw-data-retention 168h", "keep events for a week"},
                         {"noc-db migrate --aggregate-retention 8760h", "keep aggregates for a year"}},
            .effect = cli::Effect::writes,
            .run = [](cli::Context& context) { return migrate(context, false); }};
}

cli::Command init_command() {
    return {.name = "init",
            .summary = "Create the tables of the Network Operations Center",
            .description =
                "The same as migrate on an empty database, and harmless when it is given again. Refused on "
                "tables that are behind.",
            .options = migrate_options(),
            .settings = migrate_settings(),
            .examples = {{"noc-db init", "create tables and aggregates"}},
            .effect = cli::Effect::writes,
            .run = [](cli::Context& context) { return migrate(context, true); }};
}

}  // namespace tti::network_operations_center
