#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "device_claiming_server/commands.hpp"
#include "device_claiming_server/left_over.hpp"
#include "key_space/versions.hpp"
#include "operation/failure_point.hpp"

namespace tti::device_claiming_server {
namespace {

using key_space::Session;

class MigrateOperation final : public operation::Operation {
  public:
    explicit MigrateOperation(Session& session) : session_(session) {}

    operation::Plan plan() override {
        operation::Plan plan{.title = "migrate the Device Claiming Server database"};
        version_ = key_space::read_known_version(session_, lorawan::KeyKind::dcs_schema_version);
        left_over_ = count_left_over(session_);
        if (left_over_.keys > 0) {
            plan.notes.push_back(
                fmt::format("{} keys of earlier releases are left, which no release reads since 3.26; "
                            "tti-lw-stack dcs-db purge removes them.",
                            left_over_.keys));
        }
        if (version_ < key_space::newest_version) plan.steps.push_back(step());
        return plan;
    }

    std::string result_text() override {
        auto text = version_ < key_space::newest_version
                        ? fmt::format("nothing to do: there is no record to convert; version {} is recorded",
                                      key_space::newest_version)
                        : fmt::format("nothing to do: schema version {}", version_);
        if (left_over_.keys > 0) {
            text += fmt::format("\n\n{}\nnext: tti-lw-stack dcs-db purge", describe(left_over_));
        }
        return text;
    }

    nlohmann::json result_data() override {
        return {{"schema_version", key_space::newest_version},
                {"left_over", left_over_.by_name},
                {"left_over_keys", left_over_.keys}};
    }

  private:
    operation::Step step() {
        operation::Step step{
            .name = "version",
            .what = fmt::format("record schema version {}", key_space::newest_version),
            .why = fmt::format("the version is {}; there is no record to convert", version_)};
        step.run = [this](operation::StepContext&) {
            operation::failure_point("before version");
            key_space::write_version(session_, lorawan::KeyKind::dcs_schema_version);
        };
        return step;
    }

    Session& session_;
    std::int32_t version_ = 0;
    LeftOver left_over_;
};

}  // namespace

cli::Command migrate_command() {
    return {
        .name = "migrate",
        .summary = "Record the schema version, and tell what earlier releases left",
        .description =
            "Releases since 3.26 keep nothing of device claiming in Redis, so there is nothing to convert. "
            "What earlier ones left below dcs is counted and stays; dcs-db purge removes it.",
        .options = key_space::bulk_options(),
        .settings = key_space::with_redis_settings(),
        .examples = {{"dcs-db migrate", "record the version"},
                     {"dcs-db migrate --dry-run", "see what is left without changing anything"}},
        .effect = cli::Effect::writes,
        .run = [](cli::Context& context) {
            return key_space::run_writing(
                context, operation::Area::device_claiming_server,
                [](Session& session) { return std::make_unique<MigrateOperation>(session); });
        }};
}

}  // namespace tti::device_claiming_server
