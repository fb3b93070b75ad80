#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "backup/archive.hpp"
#include "backup/components.hpp"
#include "backup/key_restore.hpp"
#include "backup/programs.hpp"
#include "backup/restore_marks.hpp"
#include "backup/tenant_register.hpp"
#include "cli/context.hpp"
#include "identity_server/session.hpp"
#include "operation/operation.hpp"

namespace tti::backup {

// What of an archive is to be brought back.
struct Wanted {
    std::string tenant_id;  // empty: all of it
    bool replace = false;   // what is there and differs goes
    std::set<std::string, std::less<>> without;
};

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
    // A schema of the archive, and where it goes.
    struct Item {
        const DatabaseEntry* database = nullptr;
        const SchemaEntry* entry = nullptr;
        const Component* target = nullptr;
        bool clears = false;
        PostgresProgram program = {};
        timeseries::Way way = timeseries::Way::partitions;  // of what TimescaleDB kept
    };

    [[nodiscard]] bool wants(const SchemaEntry& entry) const;
    [[nodiscard]] bool in_archive(std::string_view tenant_id) const;
    void plan_tenant(operation::Plan& plan);
    void plan_schemas(operation::Plan& plan);
    void plan_schema(operation::Plan& plan, Item item);
    [[nodiscard]] std::string reason_against(const Item& item);
    [[nodiscard]] std::string tenant_reason_against(const SchemaEntry& entry);
    // How the schema is made, once it is known that it may be.
    void plan_making(operation::Plan& plan, Item& item);
    void plan_marks(operation::Plan& plan);
    void plan_register(operation::Plan& plan);
    void plan_keys(operation::Plan& plan);
    void require_room(operation::Plan& plan, bool clears) const;
    void remove_archived(std::set<std::string, std::less<>>& tenants);
    [[nodiscard]] KeyScope scope_here();
    redis::Connection& open_redis();
    void plan_check(operation::Plan& plan);
    void refuse(operation::Plan& plan, std::string reason) const;
    void will_be_lost(const std::string& what) { lost_ += (lost_.empty() ? "" : ", ") + what; }

    postgres::Connection& reading(const Component& target);
    postgres::Connection open_writing(const Component& target);
    identity_server::Session& session();
    PostgresProgram program_for(const Item& item);

    void check(operation::StepContext& context);
    void restore(const Item& item, operation::StepContext& context);
    void restore_dump(const Item& item, operation::StepContext& context);
    void restore_kept(const Item& item, operation::StepContext& context);
    void mark(operation::StepContext& context);
    void unmark();
    std::vector<std::string> differences_of(const Item& item, postgres::Connection& connection);
    void require_same(const Item& item);
    void restore_register(operation::StepContext& context);

    cli::Context& context_;
    ArchiveReader& archive_;
    const Manifest& manifest_;
    Wanted wanted_;
    std::function<void()> before_writes_;
    std::vector<Component> components_;
    std::map<std::string, std::unique_ptr<postgres::Connection>> reading_;  // by address
    std::optional<identity_server::Session> session_;
    std::optional<redis::Connection> redis_;
    std::optional<KeyRestore> keys_;
    std::vector<PostgresProgram> installed_;
    std::vector<const FileEntry*> needed_files_;
    std::vector<const Component*> concerned_;  // databases in PostgreSQL that it writes to
    RestoreMarks marks_;
    RegisterRows register_;
    std::string lost_;
    std::int64_t schemas_ = 0;
    std::int64_t there_already_ = 0;
};

}  // namespace tti::backup
