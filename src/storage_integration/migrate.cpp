#include "storage_integration/migrate.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "operation/failure_point.hpp"
#include "timeseries/convert.hpp"

namespace tti::storage_integration {
namespace {

using operation::failure_point;
using operation::Plan;
using operation::Step;
using operation::StepContext;
using timeseries::Way;

Way chosen_way(Session& session, const Request& request, std::optional<Way> present) {
    if (present) return *present;
    return request.way.value_or(timeseries::preferred_way(session.connection(), session.capabilities()));
}

void require_extension(Session& session, const Request& request) {
    if (request.way != Way::timescaledb ||
        timeseries::has_timescaledb(session.connection(), session.capabilities()))
        return;
    if (session.capabilities().has_extension("timescaledb")) {
        throw RefusedError(
            fmt::format("the licence of TimescaleDB at {} (apache) has no policies", session.uri().display()),
            "Leave out --timeseries: partitions do what is needed.");
    }
    throw RefusedError(
        fmt::format("the database at {} does not have extension timescaledb", session.uri().display()),
        "Give CREATE EXTENSION timescaledb in that database, or leave out --timeseries.");
}

}  // namespace

void MigrateOperation::plan_migrations(const SchemaState& state, Plan& plan) {
    const auto group = state.bookkeeping.last_group() + 1;
    const auto length = request_.chunk_length.value_or(default_chunk_length);
    for (const auto* migration : state.due()) {
        plan.steps.push_back(
            {.name = migration->full_name(),
             .what = migration->makes_messages
                         ? fmt::format("{}, in chunks of {}", migration->what, timeseries::format(length))
                         : std::string(migration->what),
             .why = "not applied yet",
             .lock = operation::Lock::none,
             .run = [this, migration, length, group](StepContext& context) {
                 apply(session_, *migration, way_, length, group, context);
             }});
    }
}

void MigrateOperation::plan_conversion(Plan& plan) {
    if (!tables_are_there_ || !request_.way || *request_.way == way_) return;
    if (*request_.way == Way::partitions) {
        plan.refusals.emplace_back("the tables are hypertables of TimescaleDB already");
        plan.refusal_hint =
            "Leave out --timeseries: tables move from partitions to TimescaleDB, and not back.";
        return;
    }
    std::int64_t rows = 0;
    for (const auto& chunk : keeper_->chunks(session_.messages())) rows += chunk.rows;
    plan.steps.push_back({.name = "convert to timescaledb",
                          .what = "copy the partitions into a hypertable and put it in their place",
                          .why = "asked for",
                          .touches = {{"rows", rows}},
                          .lock = operation::Lock::table,
                          .run = [this](StepContext& context) {
                              failure_point("before conversion");
                              const auto copied = timeseries::convert_to_timescaledb(
                                  session_.means(), session_.messages(),
                                  [](std::int64_t) { failure_point("inside conversion"); });
                              failure_point("after conversion");
                              context.count("rows", copied);
                          }});
    plan.notes.emplace_back("Messages that come meanwhile wait; the copy needs as much space again.");
}

void MigrateOperation::plan_chunk_length(Plan& plan) {
    if (!tables_are_there_ || !request_.chunk_length) return;
    const auto present = keeper_->chunk_length(session_.messages());
    if (present == *request_.chunk_length) return;
    plan.steps.push_back(
        {.name = "chunk length",
         .what = fmt::format("make new chunks of {} instead of {}",
                             timeseries::format(*request_.chunk_length), timeseries::format(present)),
         .why = "asked for",
         .lock = operation::Lock::rows,
         .undo = fmt::format("storage-db migrate --timescaledb.chunk-time-interval {}",
                             timeseries::format(present)),
         .run = [this, length = *request_.chunk_length](StepContext&) {
             failure_point("before chunk length");
             session_.keeper(way_)->set_chunk_length(session_.messages(), length);
             failure_point("after chunk length");
         }});
    plan.notes.emplace_back("Chunks that are there keep their length; it applies to those made from now on.");
}

void MigrateOperation::plan_compression(Plan& plan) {
    if (!request_.compress_after) return;
    const auto keeper = session_.keeper(request_.way.value_or(way_));
    if (!keeper->can_compress()) {
        plan.notes.emplace_back(
            "--timescaledb.compress-after-days has no effect on partitions, which are not compressed.");
        return;
    }
    const auto present = tables_are_there_ ? keeper->compression(session_.messages()) : std::nullopt;
    const auto after = present ? present->after : timeseries::Span::zero();
    if (after == *request_.compress_after) return;
    const auto text = [](timeseries::Span age) {
        return age == timeseries::Span::zero() ? std::string("no chunks")
                                               : "chunks older than " + timeseries::format(age);
    };
    plan.steps.push_back(
        {.name = "compression policy",
         .what = fmt::format("compress {} instead of {}", text(*request_.compress_after), text(after)),
         .why = "asked for",
         .lock = operation::Lock::table,
         .run = [this, wanted = *request_.compress_after](StepContext&) {
             failure_point("before compression policy");
             const bool never = wanted == timeseries::Span::zero();
             session_.keeper(Way::timescaledb)
                 ->set_compression(session_.messages(), never ? std::nullopt : std::optional(wanted),
                                   together);
             failure_point("after compression policy");
         }});
}

void MigrateOperation::plan_policy(const std::optional<timeseries::Retention>& present, Plan& plan) {
    const auto wanted = request_.retention.value() ? std::optional(request_.keep) : std::nullopt;
    const auto now = present ? std::optional(present->keep) : std::nullopt;
    if (wanted == now) return;
    const auto text = [](const std::optional<timeseries::Span>& keep) {
        return keep ? "messages of " + timeseries::format(*keep) : std::string("all messages");
    };
    plan.steps.push_back({.name = "retention policy",
                          .what = fmt::format("keep {} instead of {}", text(wanted), text(now)),
                          .why = "asked for",
                          .lock = operation::Lock::rows,
                          .undo = now ? fmt::format("storage-db retention set --days {}",
                                                    *now / timeseries::Span(std::chrono::days(1)))
                                      : "storage-db retention off",
                          .run = [this, wanted](StepContext&) {
                              failure_point("before policy");
                              session_.keeper(way_)->set_retention(session_.messages(), wanted);
                              failure_point("after policy");
                          }});
}

// What has expired goes before the policy is set, so that a policy never removes what nobody agreed to.
void MigrateOperation::plan_retention(Plan& plan) {
    if (request_.days_without_retention) {
        plan.notes.emplace_back(
            "--timescaledb.retention-days has no effect without --timescaledb.enable-retention-policy.");
    }
    if (!request_.retention) return;
    if (!tables_are_there_) {
        if (request_.retention.value()) plan_policy(std::nullopt, plan);
        return;
    }
    if (request_.retention.value()) {
        const auto found =
            database::preview(*keeper_, session_.connection(), session_.messages(), request_.keep);
        auto steps = drop_steps(found, *keeper_, session_.messages(),
                                [this](const timeseries::Chunk&) { ++dropped_; });
        std::ranges::move(steps, std::back_inserter(plan.steps));
        if (!found.expired.empty()) {
            plan.confirmation = fmt::format("{}{} would be removed for good", found.summary(),
                                            found.takes_everything ? " (everything that is stored)" : "");
        }
        for (auto& note : upcoming_notes(found)) plan.notes.push_back(std::move(note));
    }
    plan_policy(keeper_->retention(session_.messages()), plan);
}

Plan MigrateOperation::plan() {
    Plan plan{.title = "migrate the database of stored messages"};
    require_extension(session_, request_);
    const auto state = read_state(session_);
    require_known(session_, state);
    // Those that are behind are never migrated as a side effect.
    if (request_.fresh && !state.empty()) static_cast<void>(require_tables(session_));
    const auto present = session_.kept_as();
    tables_are_there_ = present.has_value();
    way_ = chosen_way(session_, request_, present);
    keeper_ = session_.keeper(way_);
    plan.notes.push_back(
        fmt::format("Tables in schema {}, kept by {}.", session_.schema(), timeseries::describe(way_)));
    plan_migrations(state, plan);
    plan_chunk_length(plan);
    plan_retention(plan);
    plan_conversion(plan);
    plan_compression(plan);
    if (way_ == Way::partitions && request_.retention.value_or(false)) {
        plan.notes.emplace_back("Run storage-db maintain at least once a day: it applies the policy.");
    }
    steps_ = plan.steps.size();
    return plan;
}

void MigrateOperation::verify() {
    const auto keeper = require_tables(session_);
    const auto retention = keeper->retention(session_.messages());
    const bool as_asked = !request_.retention ||
                          (*request_.retention ? retention && retention->keep == request_.keep : !retention);
    if (as_asked) return;
    throw Error(ExitCode::unexpected, "the retention policy is not what was asked for",
                "Look at it with: tti-lw-stack storage-db retention show");
}

std::string MigrateOperation::result_text() {
    if (steps_ == 0) return "nothing to do: everything is as asked";
    return fmt::format("the tables of stored messages are up to date, kept by {}",
                       timeseries::describe(session_.kept_as().value_or(way_)));
}

nlohmann::json MigrateOperation::result_data() {
    return {{"schema", session_.schema()},
            {"way", timeseries::describe(session_.kept_as().value_or(way_))},
            {"chunks_dropped", dropped_}};
}

cli::Command migrate_command() {
    return {
        .name = "migrate",
        .summary = "Migrate the database of stored messages",
        .description =
            "Brings the tables to what this release needs, on an empty database too, and keeps them as the "
            "flags say. The tables are kept in chunks of time: by TimescaleDB where its extension is "
            "installed in the database, else as partitions of PostgreSQL, for which the same flags hold "
            "and which storage-db maintain looks after.\n\n"
            "A retention policy removes what is older at once. The plan lists every chunk that would go "
            "and what goes next; nothing goes without agreement (--yes). A flag that is not given "
            "changes nothing.\n\n"
            "With --timeseries timescaledb, tables that are kept as partitions are copied into hypertables "
            "with all their messages.",
        .options = keeping_options(),
        .settings = database_settings(),
        .examples =
            {{"storage-db migrate --dry-run", "see what is due"},
             {"storage-db migrate --timescaledb.enable-retention-policy --timescaledb.retention-days 31",
              "keep messages for 31 days from now on"},
             {"storage-db migrate --timescaledb.enable-retention-policy=false", "keep all messages"}},
        .effect = cli::Effect::writes,
        .run = [](cli::Context& context) {
            const auto wanted = request(context.values);
            return run_writing<Session>(context, [wanted](Session& session) {
                return std::make_unique<MigrateOperation>(session, wanted);
            });
        }};
}

cli::Command init_command() {
    return {
        .name = "init",
        .summary = "Create the tables of stored messages",
        .description =
            "The same as migrate on an empty database, and harmless when it is given again: another chunk "
            "interval applies to new chunks, a retention policy is set after agreement to what it would "
            "remove. Refused on tables that are behind.",
        .options = keeping_options(),
        .settings = database_settings(),
        .examples = {{"storage-db init", "create the tables, and keep everything"},
                     {"storage-db init --timescaledb.chunk-time-interval 12h "
                      "--timescaledb.enable-retention-policy --timescaledb.retention-days 31",
                      "in chunks of twelve hours, messages kept for 31 days"}},
        .effect = cli::Effect::writes,
        .run = [](cli::Context& context) {
            auto wanted = request(context.values);
            wanted.fresh = true;
            return run_writing<Session>(context, [wanted](Session& session) {
                return std::make_unique<MigrateOperation>(session, wanted);
            });
        }};
}

}  // namespace tti::storage_integration
