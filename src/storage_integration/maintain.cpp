#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "database/preview.hpp"
#include "database/writer.hpp"
#include "operation/failure_point.hpp"
#include "storage_integration/commands.hpp"
#include "storage_integration/health.hpp"
#include "timeseries/schedule.hpp"

namespace tti::storage_integration {
namespace {

using operation::failure_point;
using operation::Plan;
using operation::Step;
using operation::StepContext;
using timeseries::Range;

// Makes chunks ahead of time, puts strays where they belong, drops what has expired. Of hypertables it only
// looks at the jobs.
class MaintainOperation final : public operation::Operation {
  public:
    explicit MaintainOperation(Session& session) : session_(session), keeper_(require_tables(session)) {}

    Plan plan() override;
    std::string result_text() override;
    nlohmann::json result_data() override { return {{"chunks_made", made_}, {"chunks_dropped", dropped_}}; }

  private:
    void plan_making(timeseries::Time now, const std::optional<timeseries::Retention>& retention, Plan& plan);
    void plan_dropping(const timeseries::Retention& retention, Plan& plan);
    Step making(const Range& range, std::int64_t strays);

    Session& session_;
    std::unique_ptr<timeseries::Keeper> keeper_;
    std::size_t made_ = 0;
    std::size_t dropped_ = 0;
};

Step MaintainOperation::making(const Range& range, std::int64_t strays) {
    const auto span =
        fmt::format("from {} to {}", timeseries::format(range.from), timeseries::format(range.to));
    return {.name = "make " + timeseries::format(range.from),
            .what = strays == 0 ? fmt::format("make the chunk {}", span)
                                : fmt::format("make the chunk {} and move {} rows into it", span, strays),
            .why = strays == 0 ? "its time is near" : "the rows came before there was one",
            .touches = strays == 0 ? operation::Amounts{} : operation::Amounts{{"rows", strays}},
            .lock = operation::Lock::table,
            .run = [this, range](StepContext& context) {
                failure_point("before make");
                const auto moved = keeper_->make(session_.messages(), range);
                failure_point("after make");
                ++made_;
                context.count("chunks made", 1);
                if (moved > 0) context.count("rows moved", moved);
            }};
}

void MaintainOperation::plan_making(timeseries::Time now,
                                    const std::optional<timeseries::Retention>& retention, Plan& plan) {
    const auto strays = keeper_->strays(session_.messages());
    for (const auto& range : keeper_->missing(session_.messages(), now)) {
        const auto stray = std::ranges::find(strays, range, &timeseries::Chunk::range);
        const bool expired = retention && timeseries::is_expired(range, now, retention->keep);
        if (!expired) plan.steps.push_back(making(range, stray == strays.end() ? 0 : stray->rows));
    }
}

void MaintainOperation::plan_dropping(const timeseries::Retention& retention, Plan& plan) {
    const auto found =
        database::preview(*keeper_, session_.connection(), session_.messages(), retention.keep);
    auto steps =
        drop_steps(found, *keeper_, session_.messages(), [this](const timeseries::Chunk&) { ++dropped_; });
    std::ranges::move(steps, std::back_inserter(plan.steps));
    // The policy was agreed to; that nothing at all is left points to a wrong clock or a dead ingest.
    if (found.takes_everything) {
        plan.confirmation = fmt::format("the retention of {} would remove everything that is stored: {}",
                                        timeseries::format(retention.keep), found.summary());
    }
}

Plan MaintainOperation::plan() {
    Plan plan{.title = "maintain the database of stored messages"};
    if (keeper_->works_by_itself()) {
        plan.notes.emplace_back("TimescaleDB keeps these tables itself; only its jobs are looked at.");
        return plan;
    }
    const auto retention = keeper_->retention(session_.messages());
    plan_making(timeseries::server_now(session_.connection()), retention, plan);
    if (retention) plan_dropping(*retention, plan);
    return plan;
}

std::string MaintainOperation::result_text() {
    if (made_ + dropped_ == 0) return "nothing was due";
    return fmt::format("made {} chunks, dropped {}", made_, dropped_);
}

ExitCode maintain(cli::Context& context) {
    Session session(context, database::access_to_write(context));
    database::Writer writer(context, session.uri(), operation::Area::storage_integration, session.setting());
    MaintainOperation operation(session);
    writer.run(operation);
    const auto keeper = require_tables(session);
    if (!writer.dry_run()) keeper->note_run(session.messages());
    if (!keeper->works_by_itself()) return ExitCode::done;
    const auto troubles = health(session, *keeper).troubles;
    for (const auto& trouble : troubles) context.reporter.log(operation::Level::warn, trouble);
    return troubles.empty() ? ExitCode::done : ExitCode::due;
}

}  // namespace

cli::Command maintain_command() {
    return {
        .name = "maintain",
        .summary = "Make chunks ahead of time and drop those that have expired",
        .description =
            "For cron, once a day or as often as one likes; it does nothing where nothing is due. Messages "
            "that came before there was a chunk for their time are moved into one. It needs no agreement "
            "to drop what the retention policy says, unless that is everything that is stored. Under "
            "TimescaleDB it only looks whether the jobs run; exit code 3 tells that they do not.",
        .settings = database_settings(),
        .examples = {{"storage-db maintain", "once a day"},
                     {"storage-db maintain --dry-run", "see what is due"}},
        .effect = cli::Effect::writes,
        .run = maintain};
}

}  // namespace tti::storage_integration
