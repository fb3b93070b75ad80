#pragma once

#include <cstdint>
#include <optional>

#include "application_server/survey.hpp"
#include "cli/command.hpp"
#include "key_space/walk.hpp"
#include "operation/operation.hpp"

namespace tti::application_server {

struct MigrateOptions {
    bool force = false;        // look again although the version is recorded
    bool skip_broken = false;  // record the version although some records cannot be read
};

// Takes started_at out of every session, and records the schema version once nothing has failed.
class MigrateOperation final : public operation::Operation {
  public:
    MigrateOperation(key_space::Session& session, MigrateOptions options)
        : session_(session), options_(options) {}

    operation::Plan plan() override;
    void verify() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    void describe(operation::Plan& plan) const;
    [[nodiscard]] operation::Step convert_step();
    [[nodiscard]] operation::Step version_step();
    void convert(operation::StepContext& step);
    void walk(operation::StepContext& step, key_space::Checkpoint* checkpoint);
    void throw_if_failed(const operation::Failures& broken, const operation::Failures& held) const;

    key_space::Session& session_;
    MigrateOptions options_;
    std::int32_t version_ = 0;
    std::optional<Survey> survey_;
    std::int64_t devices_ = 0;  // that were met
    std::int64_t changed_ = 0;
};

cli::Command migrate_command();

}  // namespace tti::application_server
