#pragma once

#include "cli/command.hpp"
#include "database/preview.hpp"
#include "operation/operation.hpp"
#include "storage_integration/migrations.hpp"
#include "storage_integration/request.hpp"

namespace tti::storage_integration {

// Brings the tables up to date and keeps them as asked: way, chunk length, retention.
class MigrateOperation final : public operation::Operation {
  public:
    MigrateOperation(Session& session, Request request) : session_(session), request_(request) {}

    operation::Plan plan() override;
    void verify() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    void plan_migrations(const SchemaState& state, operation::Plan& plan);
    void plan_conversion(operation::Plan& plan);
    void plan_chunk_length(operation::Plan& plan);
    void plan_compression(operation::Plan& plan);
    void plan_retention(operation::Plan& plan);
    void plan_policy(const std::optional<timeseries::Retention>& present, operation::Plan& plan);

    Session& session_;
    Request request_;
    timeseries::Way way_ = timeseries::Way::partitions;
    std::unique_ptr<timeseries::Keeper> keeper_;
    bool tables_are_there_ = false;
    std::size_t steps_ = 0;
    std::size_t dropped_ = 0;
};

cli::Command init_command();
cli::Command migrate_command();

}  // namespace tti::storage_integration
