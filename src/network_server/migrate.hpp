#pragma once

#include "cli/command.hpp"
#include "key_space/session.hpp"
#include "network_server/old_layouts.hpp"
#include "network_server/rebuild.hpp"
#include "operation/operation.hpp"

namespace tti::network_server {

struct MigrateOptions {
    bool force = false;  // look for old layouts although the versions are recorded
    bool rebuild_index = false;
};

// Key spaces ns:application-uplinks and ns:devices to version 1, each recorded when nothing of it failed;
// then, on request, the indexes as the records say.
class MigrateOperation final : public operation::Operation {
  public:
    MigrateOperation(key_space::Session& session, MigrateOptions options)
        : session_(session), options_(options), layouts_(session), rebuild_(session) {}

    operation::Plan plan() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    struct KeySpace {
        std::int32_t version = 0;
        bool looked_at = false;
        operation::Amounts due;
    };
    void survey();
    void add_uplinks_step(operation::Plan& plan);
    void add_devices_step(operation::Plan& plan);
    void add_rebuild_step(operation::Plan& plan);
    void migrate_uplinks(operation::StepContext& step);
    void migrate_devices(operation::StepContext& step);
    void rebuild_index(operation::StepContext& step);

    key_space::Session& session_;
    MigrateOptions options_;
    OldLayouts layouts_;
    IndexRebuild rebuild_;
    KeySpace uplinks_;
    KeySpace devices_;
    std::int64_t invalidations_removed_ = 0;
    bool index_surveyed_ = false;
};

cli::Command migrate_command();

}  // namespace tti::network_server
