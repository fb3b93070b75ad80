#pragma once

#include <string>
#include <vector>

#include "backup/programs.hpp"
#include "backup/restore_job.hpp"
#include "backup/restore_marks.hpp"
#include "operation/operation.hpp"

namespace tti::backup {

// The schemas of an archive in PostgreSQL, and their way back.
class SchemaRestore {
  public:
    SchemaRestore(RestoreJob& job, const RestoreMarks& marks) : job_(job), marks_(marks) {}

    // Adds a step for each schema that is missing or differs.
    void plan(operation::Plan& plan);
    [[nodiscard]] std::int64_t restored() const { return restored_; }

  private:
    // A schema of the archive, and where it goes.
    struct Item {
        const DatabaseEntry* database = nullptr;
        const SchemaEntry* entry = nullptr;
        const Component* target = nullptr;
        std::string why = {};   // it is due
        bool clears = false;    // what is there goes first
        bool destroys = false;  // and that is not what an earlier run of this restore left
        PostgresProgram program = {};
        timeseries::Way way = timeseries::Way::partitions;  // of what TimescaleDB kept
    };

    [[nodiscard]] bool wants(const SchemaEntry& entry) const;
    [[nodiscard]] const Component& target_of(const SchemaEntry& entry) const;
    void plan_schema(operation::Plan& plan, Item item);
    // Empty: nothing speaks against it.
    [[nodiscard]] std::string reason_against(const Item& item);
    [[nodiscard]] std::string tenant_reason_against(const SchemaEntry& entry);
    // False where it is there already, or may not be replaced: the plan says so.
    bool is_due(operation::Plan& plan, Item& item);
    // False where one cannot be had: the plan says so.
    bool has_extensions(operation::Plan& plan, const Item& item);
    // How it is made, once it is known that it may be.
    void choose_way(operation::Plan& plan, Item& item);
    PostgresProgram program_for(const Item& item);
    operation::Step step_of(const Item& item);

    void restore(const Item& item, operation::StepContext& context);
    void restore_dump(const Item& item, operation::StepContext& context);
    void restore_kept(const Item& item, operation::StepContext& context);
    static std::vector<std::string> differences_of(const Item& item, postgres::Connection& connection);
    void require_same(const Item& item);

    RestoreJob& job_;
    const RestoreMarks& marks_;
    std::vector<PostgresProgram> installed_;
    std::int64_t restored_ = 0;
};

}  // namespace tti::backup
