#pragma once

#include <cstdint>
#include <optional>

#include "cli/command.hpp"
#include "join_server/bounding.hpp"
#include "join_server/survey.hpp"
#include "key_space/record_migration.hpp"

namespace tti::join_server {

// Bounds and lists the session keys of every device, and records the schema version once nothing has failed.
class MigrateOperation final : public key_space::RecordMigration {
  public:
    // `limit`: js.session-key-limit.
    MigrateOperation(key_space::Session& session, std::size_t limit, key_space::MigrationChoice choice)
        : RecordMigration(session, lorawan::KeyKind::js_schema_version, operation::Area::join_server, choice),
          limit_(limit),
          bounding_(session, limit) {}

    operation::Plan plan() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    [[nodiscard]] operation::Step bound_step();
    void bound(operation::StepContext& step);
    void throw_if_failed() const;

    std::size_t limit_;
    std::optional<Survey> survey_;
    Bounding bounding_;
};

cli::Command migrate_command();

}  // namespace tti::join_server
