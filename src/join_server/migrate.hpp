#pragma once

#include <cstdint>
#include <optional>

#include "cli/command.hpp"
#include "join_server/bounding.hpp"
#include "join_server/survey.hpp"
#include "operation/operation.hpp"

namespace tti::join_server {

struct MigrateOptions {
    std::size_t limit = 0;     // js.session-key-limit
    bool force = false;        // look again although the version is recorded
    bool skip_broken = false;  // record the version although some session keys are none
};

// Bounds and lists the session keys of every device, and records the schema version once nothing has failed.
class MigrateOperation final : public operation::Operation {
  public:
    MigrateOperation(key_space::Session& session, MigrateOptions options)
        : session_(session), options_(options), bounding_(session, options.limit) {}

    operation::Plan plan() override;
    void verify() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    [[nodiscard]] operation::Step bound_step();
    [[nodiscard]] operation::Step version_step();
    void bound(operation::StepContext& step);
    void throw_if_failed() const;

    key_space::Session& session_;
    MigrateOptions options_;
    std::int32_t version_ = 0;
    std::optional<Survey> survey_;
    Bounding bounding_;
};

cli::Command migrate_command();

}  // namespace tti::join_server
