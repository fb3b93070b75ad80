#pragma once

#include <optional>

#include "backup/backup_job.hpp"
#include "backup/key_reader.hpp"
#include "operation/operation.hpp"

namespace tti::backup {

// Redis: which keys are meant, whether they are whole, and the step that writes them down.
class RedisBackup {
  public:
    explicit RedisBackup(BackupJob& job) : job_(job) {}

    // Adds the step. The manifest names the tenants by then.
    void plan(operation::Plan& plan);

  private:
    void look_for_restores(operation::Plan& plan);
    void write(operation::StepContext& context);

    BackupJob& job_;
    std::optional<redis::Connection> redis_;
    KeyPlace keys_;
};

}  // namespace tti::backup
