#include "join_server/migrate.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "key_space/versions.hpp"
#include "operation/failure_point.hpp"

namespace tti::join_server {
namespace {

using lorawan::KeyKind;
using operation::Plan;
using operation::Step;
using operation::StepContext;

constexpr std::size_t pairs_at_once = 256;

constexpr auto way_on =
    "Remove what is named with redis-cli, for no Join Server can use it, and give the same command again; "
    "with "
    "--skip-broken the version is recorded although it is there.";

std::string faults(std::int64_t count) {
    return fmt::format("{} session key record{}", count, count == 1 ? "" : "s");
}

}  // namespace

Step MigrateOperation::bound_step() {
    const auto& survey = *survey_;
    operation::Amounts touches;
    if (survey.orphan_keys > 0) add(touches, "session keys without an end device", survey.orphan_keys);
    if (survey.over_limit > 0) add(touches, "session keys over the limit", survey.over_limit);
    if (survey.lists > 0) add(touches, "lists of session keys", survey.lists);
    return {.name = "bound_session_keys",
            .what = fmt::format("keep the newest {} session keys of every end device, and list them", limit_),
            .why = "servers before release 3.18 kept them all",
            .touches = std::move(touches),
            .lock = operation::Lock::none,
            .destroys = survey.orphan_keys + survey.over_limit > 0,
            .run = [this](StepContext& step) { bound(step); }};
}

Plan MigrateOperation::plan() {
    Plan plan{.title = "migrate the Join Server database"};
    survey_.reset();
    if (!has_work()) return plan;
    if (limit_ == 0) {
        plan.notes.emplace_back("js.session-key-limit is 0, so every session key stays as it is.");
    } else {
        survey_.emplace(survey(session(), limit_));
        const auto faulty = survey_->faulty.count();
        if (survey_->due_pairs() > 0 || (faulty > 0 && !choice().skip_broken)) {
            plan.steps.push_back(bound_step());
        }
        if (faulty > 0) {
            plan.notes.push_back(fmt::format("{} will be left as {}: {}", faults(faulty),
                                             faulty == 1 ? "it is" : "they are", survey_->faulty.text()));
        }
        if (leaves_broken(faulty)) {
            plan.confirmation =
                fmt::format("The version will be recorded although {} cannot be used", faults(faulty));
        }
    }
    plan_version(plan);
    return plan;
}

void MigrateOperation::bound(StepContext& step) {
    std::int64_t begun = 0;
    std::int64_t done = 0;
    const auto end_one = [&] {
        const auto size = bounding_.end();
        done += static_cast<std::int64_t>(size);
        session().pace().spent(size);
        step.progress("end devices", done, survey_->pairs);
        step.safe_point();
    };
    survey_->keys.for_each([&](std::span<const PairKeys> pairs) {
        while (!pairs.empty()) {
            const auto size = session().pace().batch(std::min(pairs.size(), pairs_at_once));
            const auto due = std::span(survey_->due).subspan(static_cast<std::size_t>(begun), size);
            session().require_lock();
            bounding_.begin(pairs.first(size), due);
            begun += static_cast<std::int64_t>(size);
            pairs = pairs.subspan(size);
            if (bounding_.under_way() > 1) end_one();
        }
        // The keys are no more after this.
        while (bounding_.under_way() > 0) end_one();
    });
    step.count("session keys removed", bounding_.removed());
    step.count("lists of session keys written", bounding_.lists());
    throw_if_failed();
}

void MigrateOperation::throw_if_failed() const {
    if (!bounding_.failures().empty()) {
        throw PartlyFailedError(
            fmt::format(
                "the session keys of {} end devices could not be bounded, version 1 is not recorded: {}",
                bounding_.failures().count(), bounding_.failures().text()),
            "Give the same command again; it goes on with what is left.");
    }
    if (survey_->faulty.empty() || choice().skip_broken) return;
    throw PartlyFailedError(fmt::format("{} cannot be used, version 1 is not recorded: {}",
                                        faults(survey_->faulty.count()), survey_->faulty.text()),
                            way_on);
}

std::string MigrateOperation::result_text() {
    if (is_recorded() && !choice().force) {
        return "nothing to do: version 1 is recorded";
    }
    if (bounding_.removed() == 0 && bounding_.lists() == 0) {
        return "nothing to do: no session key goes and no list is due; version 1 is recorded";
    }
    return fmt::format("version 1 is recorded; {} session keys removed, {} lists written",
                       bounding_.removed(), bounding_.lists());
}

nlohmann::json MigrateOperation::result_data() {
    nlohmann::json data{{"version", key_space::newest_version},
                        {"session_keys_removed", bounding_.removed()},
                        {"lists_written", bounding_.lists()},
                        {"orphans", bounding_.orphans()}};
    if (survey_) {
        data["session_keys"] = survey_->session_keys;
        data["broken"] = survey_->faulty.count();
        data["broken_records"] = survey_->faulty.data();
    }
    return data;
}

cli::Command migrate_command() {
    return {
        .name = "migrate",
        .summary = "Migrate the Join Server database",
        .description =
            "Keeps the newest js.session-key-limit session keys of every end device, lists them beside it, "
            "and removes the session keys of EUIs that no end device has. The stack may be running: a list "
            "is written only while nobody holds it and it is still what was read. With a limit of 0 every "
            "session key stays, and the version alone is recorded.\n\n"
            "A key whose ID is none stays as it is and is named; the version is then recorded with "
            "--skip-broken only.",
        .options = key_space::migration_options("session key", "session keys cannot be used"),
        .settings = key_space::with_redis_settings({"js.session-key-limit"}),
        .examples = {{"js-db migrate", "migrate the database"},
                     {"js-db migrate --dry-run", "count what is due"},
                     {"js-db migrate --force --js.session-key-limit 5", "keep five of every end device"}},
        .effect = cli::Effect::writes,
        .run = [](cli::Context& context) {
            const auto limit = session_key_limit(context.values);
            const auto choice = key_space::migration_choice(context.values);
            return key_space::run_writing(
                context, operation::Area::join_server, [limit, choice](key_space::Session& session) {
                    return std::make_unique<MigrateOperation>(session, limit, choice);
                });
        }};
}

}  // namespace tti::join_server
