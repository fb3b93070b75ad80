#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backup/archive.hpp"
#include "backup/programs.hpp"
#include "backup/throw_away.hpp"
#include "cli/context.hpp"
#include "operation/operation.hpp"

namespace tti::backup {

// Proves an archive: checksums first, then all of it restored into a deployment of its own and compared with
// what the manifest says of every table and of the keys.
class VerifyOperation final : public operation::Operation {
  public:
    VerifyOperation(cli::Context& context, ArchiveReader& archive) : context_(context), archive_(archive) {}

    operation::Plan plan() override;
    // Throws Error, naming what differs.
    void verify() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    void check(operation::StepContext& context);
    void restore(const DatabaseEntry& database, const std::string& name, operation::StepContext& context);
    PostgresProgram pg_restore_for(const DatabaseEntry& database, int server);
    SchemaContent restore_and_read(const SchemaEntry& entry, const PostgresProgram& pg_restore,
                                   const postgres::Uri& uri, operation::StepContext& context);
    SchemaContent load_and_read(const SchemaEntry& entry, const postgres::Uri& uri,
                                operation::StepContext& context);
    void compare(const SchemaEntry& entry, const SchemaContent& found, bool compare_definitions);
    void restore_keys(operation::StepContext& context);

    cli::Context& context_;
    ArchiveReader& archive_;
    std::vector<PostgresProgram> installed_;
    std::optional<ThrowAwayDeployment> deployment_;
    std::vector<std::string> differences_;
    std::vector<std::string> notes_;
    std::int64_t tables_ = 0;
    std::int64_t rows_ = 0;
    std::int64_t keys_ = 0;
};

}  // namespace tti::backup
