#include "application_server/migrate.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "application_server/conversion.hpp"
#include "key_space/versions.hpp"
#include "operation/failure_point.hpp"

namespace tti::application_server {
namespace {

using lorawan::KeyKind;
using operation::Plan;
using operation::Step;
using operation::StepContext;

constexpr auto way_on =
    "Look at one with tti-lw-stack as-db inspect, delete that end device through the stack, and give the "
    "same "
    "command again; with --skip-broken the version is recorded although they are there.";

std::string records(std::int64_t count) {
    return fmt::format("{} end device record{}", count, count == 1 ? "" : "s");
}

}  // namespace

Step MigrateOperation::convert_step() {
    return {.name = "remove_started_at",
            .what = "take started_at out of the sessions of end devices",
            .why = "servers before release 3.16 kept it",
            .touches = {{survey_->estimate ? "end devices (estimate)" : "end devices", survey_->to_change}},
            .lock = operation::Lock::none,
            .undo = {},
            .run = [this](StepContext& step) { convert(step); }};
}

Plan MigrateOperation::plan() {
    Plan plan{.title = "migrate the Application Server database"};
    survey_.reset();
    if (!has_work()) return plan;
    // A number that is shown alone or agreed to is exact; before a run that looks at every record a sample
    // will do.
    const bool exact = session().dry_run() || choice().skip_broken;
    survey_ = exact ? survey(session()) : sample(session());
    devices_ = survey_->devices;
    const auto broken = survey_->broken.count();
    const bool look = survey_->estimate || survey_->to_change > 0;
    if (look || (broken > 0 && !choice().skip_broken)) plan.steps.push_back(convert_step());
    plan_version(plan);
    describe(plan);
    return plan;
}

void MigrateOperation::describe(Plan& plan) const {
    if (survey_->estimate) {
        plan.notes.push_back(
            fmt::format("about {} of about {} are to be changed, going by a sample; --dry-run counts them",
                        survey_->to_change, records(survey_->devices)));
    }
    const auto broken = survey_->broken.count();
    if (broken > 0) {
        plan.notes.push_back(fmt::format("{}{} cannot be read and will be left as {}: {}",
                                         survey_->estimate ? "at least " : "", records(broken),
                                         broken == 1 ? "it is" : "they are", survey_->broken.text()));
    }
    if (leaves_broken(broken)) {
        plan.confirmation =
            fmt::format("The version will be recorded although {} cannot be read", records(broken));
    }
}

void MigrateOperation::walk(StepContext& step, key_space::Checkpoint* checkpoint) {
    Conversion conversion(session());
    const auto before = changed_;
    key_space::walk_records(session(), {.kinds = {KeyKind::as_device}, .checkpoint = checkpoint},
                            {.step = &step, .unit = "end devices", .total = survey_->devices},
                            [&](auto found, auto values) {
                                conversion.page(found, values);
                                changed_ = before + conversion.changed();
                            });
    devices_ = conversion.seen();
    step.count("end devices changed", conversion.changed());
    throw_if_failed(conversion.broken(), conversion.held());
}

void MigrateOperation::convert(StepContext& step) {
    // What failed must be met again, so a run with broken records does not begin in the middle.
    if (!survey_->broken.empty()) return walk(step, nullptr);
    key_space::Checkpoint checkpoint(session(), "as-db migrate");
    const bool continued = checkpoint.cursor() != "0";
    try {
        walk(step, &checkpoint);
    } catch (const PartlyFailedError&) {
        checkpoint.forget();
        throw;
    }
    checkpoint.forget();
    if (!continued) return;
    // The killed run may have left a record out that was held all the time.
    const auto after = survey(session());
    devices_ = after.devices;
    if (after.to_change > 0 || !after.broken.empty()) walk(step, nullptr);
}

void MigrateOperation::throw_if_failed(const operation::Failures& broken,
                                       const operation::Failures& held) const {
    if (!held.empty()) {
        throw PartlyFailedError(fmt::format("{} could not be written, version 1 is not recorded: {}",
                                            records(held.count()), held.text()),
                                "Give the same command again; it goes on with what is left.");
    }
    if (broken.empty() || choice().skip_broken) return;
    throw PartlyFailedError(fmt::format("{} cannot be read, version 1 is not recorded: {}",
                                        records(broken.count()), broken.text()),
                            way_on);
}

std::string MigrateOperation::result_text() {
    if (!survey_) return "nothing to do: version 1 is recorded";
    if (changed_ == 0) return "nothing to do: no end device record needs a change; version 1 is recorded";
    return fmt::format("version 1 is recorded; {} of {} changed", changed_, records(devices_));
}

nlohmann::json MigrateOperation::result_data() {
    nlohmann::json data{{"version", key_space::newest_version}, {"changed", changed_}};
    if (survey_) {
        data["end_devices"] = devices_;
        data["broken"] = survey_->broken.count();
        data["broken_records"] = survey_->broken.data();
    }
    return data;
}

cli::Command migrate_command() {
    return {
        .name = "migrate",
        .summary = "Migrate the Application Server database",
        .description =
            "Servers before release 3.16 kept the time at which a session began in the records of end "
            "devices. "
            "It is taken out, and the rest of each record stays byte for byte. The stack may be running: a "
            "record is written only while nobody holds it and it is still what was read.\n\n"
            "A record that cannot be read stays as it is and is named; the version is then recorded with "
            "--skip-broken only.",
        .options = key_space::migration_options("record", "records cannot be read"),
        .settings = key_space::with_redis_settings(),
        .examples = {{"as-db migrate", "migrate the database"},
                     {"as-db migrate --dry-run", "count what is due"},
                     {"as-db migrate --force --rate 5000", "look at every record again, 5,000 a second"}},
        .effect = cli::Effect::writes,
        .run = [](cli::Context& context) {
            return key_space::run_writing(context, operation::Area::application_server,
                                          [&context](key_space::Session& session) {
                                              return std::make_unique<MigrateOperation>(
                                                  session, key_space::migration_choice(context.values));
                                          });
        }};
}

}  // namespace tti::application_server
