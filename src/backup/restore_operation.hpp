#pragma once

#include <functional>
#include <vector>

#include "backup/redis_restore.hpp"
#include "backup/register_restore.hpp"
#include "backup/restore_job.hpp"
#include "backup/restore_marks.hpp"
#include "backup/schema_restore.hpp"
#include "operation/operation.hpp"

namespace tti::backup {

// Brings a deployment, or a tenant of it, back from an archive into the databases that the settings name.
// What is there as the archive has it stays, so that a run that was ended goes on when it is given again.
class ArchiveRestore final : public operation::Operation {
  public:
    // `components`: what of PostgreSQL is concerned. `before_writes` is called before batches of writes to
    // Redis.
    ArchiveRestore(cli::Context& context, ArchiveReader& archive, Wanted wanted,
                   std::vector<Component> components, std::function<void()> before_writes);

    operation::Plan plan() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    void plan_tenant(operation::Plan& plan);
    void plan_check(operation::Plan& plan);
    void plan_marks(operation::Plan& plan);
    [[nodiscard]] bool has_marks();
    void check(operation::StepContext& context) const;
    void mark(operation::StepContext& context) const;
    void unmark() const;

    RestoreJob job_;
    RestoreMarks marks_;
    SchemaRestore schemas_;
    RegisterRestore register_;
    RedisRestore redis_;
};

}  // namespace tti::backup
