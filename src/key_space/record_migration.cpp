#include "key_space/record_migration.hpp"

#include <fmt/format.h>

#include "key_space/versions.hpp"
#include "operation/failure_point.hpp"
#include "util/error.hpp"

namespace tti::key_space {

std::vector<settings::Option> migration_options(const std::string& record, const std::string& broken) {
    auto options = bulk_options();
    options.insert(options.begin(),
                   {{.name = "force",
                     .type = settings::Type::boolean,
                     .description = fmt::format("look at every {} although the version is recorded", record)},
                    {.name = "skip-broken",
                     .type = settings::Type::boolean,
                     .description = "record the version although some " + broken}});
    return options;
}

MigrationChoice migration_choice(const settings::Values& values) {
    return {values.boolean("force"), values.boolean("skip-broken")};
}

bool RecordMigration::has_work() {
    version_ = read_known_version(session_, version_kind_);
    return !is_recorded() || choice_.force;
}

bool RecordMigration::is_recorded() const {
    return version_ >= newest_version;
}

void RecordMigration::plan_version(operation::Plan& plan) {
    if (is_recorded()) return;
    plan.steps.push_back({.name = "record_version",
                          .what = fmt::format("record schema version {}", newest_version),
                          .why = fmt::format("version {} is recorded", version_),
                          .lock = operation::Lock::none,
                          .run = [this](operation::StepContext&) {
                              write_version(session_, version_kind_);
                              operation::failure_point("version written");
                          }});
}

bool RecordMigration::leaves_broken(std::int64_t broken) const {
    return broken > 0 && choice_.skip_broken && !is_recorded();
}

void RecordMigration::verify() {
    if (read_version(session_, version_kind_) >= newest_version) return;
    throw DueError(fmt::format("the schema version of {} was removed meanwhile", words(area_)),
                   "Give the same command again.");
}

}  // namespace tti::key_space
