#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "backup/archive.hpp"
#include "backup/components.hpp"
#include "backup/key_reader.hpp"
#include "backup/programs.hpp"
#include "backup/snapshot.hpp"
#include "cli/context.hpp"
#include "identity_server/session.hpp"
#include "operation/operation.hpp"

namespace tti::backup {

// Writes one archive of a deployment, or of one tenant. It changes no database.
class BackupOperation final : public operation::Operation {
  public:
    BackupOperation(cli::Context& context, Place& place, std::optional<Secret> secret);

    operation::Plan plan() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    // A schema that is to be dumped, and the snapshot that it is taken from.
    struct Item {
        const Snapshot* snapshot = nullptr;
        std::string component;
        std::string schema;
        std::string tenant_id;
        std::string file;
        PostgresProgram program;
        std::optional<timeseries::KeptSchema> kept = {};  // where TimescaleDB keeps it
    };

    void plan_place(operation::Plan& plan);
    void plan_identity_server(operation::Plan& plan);
    void record_tenants(operation::Plan& plan);
    void plan_timeseries(operation::Plan& plan, const Component& component);
    void plan_schema(operation::Plan& plan, Item item);
    void plan_dump(operation::Plan& plan, Item item);
    void plan_kept(operation::Plan& plan, Item item);
    void look_for_restores(operation::Plan& plan, postgres::Connection& connection) const;
    void plan_register(operation::Plan& plan);
    void plan_redis(operation::Plan& plan);
    void look_for_restores(operation::Plan& plan);
    static void refuse_half_restored(operation::Plan& plan, std::string reason);
    void plan_manifest(operation::Plan& plan);
    void add_step(operation::Plan& plan, operation::Step step,
                  std::function<void(operation::StepContext&)> work);

    const Snapshot& snapshot_of(const Component& component);
    const PostgresProgram& program_for(const Snapshot& snapshot);
    [[nodiscard]] bool wants(std::string_view component) const { return !left_out_.contains(component); }
    ArchiveWriter& writer();

    void dump(const Item& item, operation::StepContext& context);
    void copy_kept(const Item& item, operation::StepContext& context);
    DatabaseEntry& database_of(const Item& item);
    void record(const Item& item, SchemaEntry entry, operation::StepContext& context);
    void save_register(operation::StepContext& context);
    void copy_keys(operation::StepContext& context);

    cli::Context& context_;
    Place& place_;
    std::optional<Secret> secret_;
    std::set<std::string, std::less<>> left_out_;
    std::vector<Component> components_;
    std::optional<identity_server::Session> session_;
    std::vector<std::unique_ptr<postgres::Connection>> connections_;
    std::vector<std::unique_ptr<Snapshot>> snapshots_;
    std::vector<PostgresProgram> installed_;
    std::optional<PostgresProgram> program_;
    std::optional<redis::Connection> redis_;
    KeyPlace keys_;
    std::optional<ArchiveWriter> writer_;
    Manifest manifest_;
    std::int64_t rows_ = 0;
    std::int64_t bytes_ = 0;
};

}  // namespace tti::backup
