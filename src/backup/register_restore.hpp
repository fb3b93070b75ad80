#pragma once

#include "backup/restore_job.hpp"
#include "backup/tenant_register.hpp"
#include "operation/operation.hpp"

namespace tti::backup {

// The register of tenants of an archive, and its way back.
class RegisterRestore {
  public:
    explicit RegisterRestore(RestoreJob& job) : job_(job) {}

    // Adds the step, where rows are missing or differ.
    void plan(operation::Plan& plan);

  private:
    [[nodiscard]] RegisterRows read_wanted() const;
    void write(operation::StepContext& context);

    RestoreJob& job_;
    RegisterRows rows_;
};

}  // namespace tti::backup
