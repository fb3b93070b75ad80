#pragma once

#include <cstdint>
#include <optional>

#include "application_server/survey.hpp"
#include "cli/command.hpp"
#include "key_space/record_migration.hpp"
#include "key_space/walk.hpp"

namespace tti::application_server {

// Takes started_at out of every session, and records the schema version once nothing has failed.
class MigrateOperation final : public key_space::RecordMigration {
  public:
    MigrateOperation(key_space::Session& session, key_space::MigrationChoice choice)
        : RecordMigration(session, lorawan::KeyKind::as_schema_version, operation::Area::application_server,
                          choice) {}

    operation::Plan plan() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    void describe(operation::Plan& plan) const;
    [[nodiscard]] operation::Step convert_step();
    void convert(operation::StepContext& step);
    void walk(operation::StepContext& step, key_space::Checkpoint* checkpoint);
    void throw_if_failed(const operation::Failures& broken, const operation::Failures& held) const;

    std::optional<Survey> survey_;
    std::int64_t devices_ = 0;  // that were met
    std::int64_t changed_ = 0;
};

cli::Command migrate_command();

}  // namespace tti::application_server
