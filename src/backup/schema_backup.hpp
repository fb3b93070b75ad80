#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backup/backup_job.hpp"
#include "backup/programs.hpp"
#include "backup/snapshot.hpp"
#include "operation/operation.hpp"
#include "timeseries/kept_schema.hpp"

namespace tti::backup {

// The schemas in PostgreSQL, each a dump or, where TimescaleDB keeps it, the rows of its tables. All of one
// database are of one moment.
class SchemaBackup {
  public:
    explicit SchemaBackup(BackupJob& job) : job_(job) {}

    // Add a step for each schema that is not empty: of the Identity Server's tenants, or of one other
    // component.
    void plan_identity_server(operation::Plan& plan);
    void plan_timeseries(operation::Plan& plan, const Component& component);
    [[nodiscard]] std::int64_t rows() const { return rows_; }  // written so far

  private:
    // A schema that is to be written, and the snapshot that it is taken from.
    struct Item {
        const Snapshot* snapshot = nullptr;
        std::string component;
        std::string schema;
        std::string tenant_id;
        std::string file;
        PostgresProgram program;
        std::optional<timeseries::KeptSchema> kept = {};  // where TimescaleDB keeps it
    };

    void plan_schema(operation::Plan& plan, Item item);
    void plan_dump(operation::Plan& plan, Item item);
    void plan_kept(operation::Plan& plan, Item item);
    void look_for_restores(operation::Plan& plan, postgres::Connection& connection) const;

    const Snapshot& snapshot_of(const Component& component);
    PostgresProgram program_for(const Snapshot& snapshot);

    void dump(const Item& item, operation::StepContext& context);
    void copy_kept(const Item& item, operation::StepContext& context);
    DatabaseEntry& database_of(const Item& item);
    void record(const Item& item, SchemaEntry entry, operation::StepContext& context);

    BackupJob& job_;
    std::vector<std::unique_ptr<postgres::Connection>> connections_;
    std::vector<std::unique_ptr<Snapshot>> snapshots_;
    std::vector<PostgresProgram> installed_;
    std::int64_t rows_ = 0;
};

}  // namespace tti::backup
