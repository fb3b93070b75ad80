#pragma once

#include "backup/backup_job.hpp"
#include "operation/operation.hpp"

namespace tti::backup {

// The register of tenants: all of it, or the rows of the tenant that is backed up.
class RegisterBackup {
  public:
    explicit RegisterBackup(BackupJob& job) : job_(job) {}

    // Adds the step, where there are rows.
    void plan(operation::Plan& plan);

  private:
    void write(operation::StepContext& context);

    BackupJob& job_;
};

}  // namespace tti::backup
