#pragma once

#include <vector>

#include "identity_server/session.hpp"
#include "operation/operation.hpp"

namespace tti::identity_server {

// All tables of a schema that has none, with every mark, in the caller's transaction. The schema is made
// where it is missing.
void create_tables(Session& session, const Tenant& tenant);

// The tables of tenants that have none, for a create command on an empty database. Each tenant's come at once
// or not at all, so that the same command goes on after a kill. Its result is not the command's, so it tells
// none.
class BringTables final : public operation::Operation {
  public:
    BringTables(Session& session, std::vector<Tenant> tenants);

    operation::Plan plan() override;
    std::string result_text() override { return {}; }
    nlohmann::json result_data() override;

  private:
    void bring(const Tenant& tenant, operation::StepContext& context);

    Session& session_;
    std::vector<Tenant> tenants_;
};

}  // namespace tti::identity_server
