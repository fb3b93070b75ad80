#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "identity_server/row_findings.hpp"
#include "identity_server/schema_state.hpp"
#include "identity_server/session.hpp"
#include "operation/operation.hpp"

namespace tti::identity_server {

struct MigrateOptions {
    std::vector<Tenant> tenants;
    std::string target = {};  // digits; up to and with this one; with rollback: back to it, it stays applied
    bool rollback = false;    // without a target: the last group, as the stack's own rollback
    bool yes_destroy = false;
};

// Brings the schemas of tenants up, or back. One step per tenant and migration; work and mark are one
// transaction.
class MigrateOperation final : public operation::Operation {
  public:
    MigrateOperation(Session& session, MigrateOptions options)
        : session_(session), options_(std::move(options)) {}

    operation::Plan plan() override;
    // Compares the schemas that were touched with what they should be; throws DueError where they differ.
    void verify() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    using States = std::map<std::string, SchemaState>;  // by schema
    [[nodiscard]] std::vector<const Migration*> due(const SchemaState& state) const;
    [[nodiscard]] RowFindings ask_rows(const States& states);
    void plan_tenant(const Tenant& tenant, const SchemaState& state, const RowFindings& rows,
                     operation::Plan& plan);
    void plan_up(const Tenant& tenant, const SchemaState& state, const RowFindings& rows,
                 operation::Plan& plan);
    void plan_down(const Tenant& tenant, const SchemaState& state, operation::Plan& plan);
    void refuse(const Tenant& tenant, const std::string& reason, operation::Plan& plan) const;

    Session& session_;
    MigrateOptions options_;
    std::vector<Tenant> touched_;
    std::size_t up_ = 0;
    std::size_t down_ = 0;
};

cli::Command migrate_command();
cli::Command init_command();

}  // namespace tti::identity_server
