#pragma once

#include "backup/backup_job.hpp"
#include "backup/redis_backup.hpp"
#include "backup/register_backup.hpp"
#include "backup/schema_backup.hpp"
#include "operation/operation.hpp"

namespace tti::backup {

// Writes one archive of a deployment, or of one tenant. It changes no database.
class BackupOperation final : public operation::Operation {
  public:
    BackupOperation(cli::Context& context, Place& place, std::optional<Secret> secret)
        : job_(context, place, std::move(secret)), schemas_(job_), register_(job_), redis_(job_) {}

    operation::Plan plan() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    void plan_place(operation::Plan& plan);
    void record_tenants(identity_server::Session& session);
    void try_to_record_tenants(operation::Plan& plan);
    void plan_manifest(operation::Plan& plan);

    BackupJob job_;
    SchemaBackup schemas_;
    RegisterBackup register_;
    RedisBackup redis_;
};

}  // namespace tti::backup
