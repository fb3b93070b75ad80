#pragma once

#include <memory>
#include <string>
#include <vector>

#include "identity_server/cleanup_request.hpp"
#include "identity_server/session.hpp"
#include "identity_server/tenant_cleanup.hpp"
#include "operation/operation.hpp"
#include "undo/place.hpp"

namespace tti::identity_server {

// Deletes for good what was soft-deleted longer than is.delete.restore ago, with everything that depends on
// it, and rows whose owner does not exist. Every batch is one transaction, so that a killed run leaves whole
// ones only.
class CleanupOperation final : public operation::Operation {
  public:
    CleanupOperation(Session& session, std::vector<Tenant> tenants, CleanupRequest request, undo::Place place)
        : session_(session),
          tenants_(std::move(tenants)),
          request_(std::move(request)),
          place_(std::move(place)) {}

    operation::Plan plan() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    [[nodiscard]] std::vector<Tenant> tenants_with_tables(operation::Plan& plan);
    void ask_clock();
    [[nodiscard]] std::string confirmation() const;

    Session& session_;
    std::vector<Tenant> tenants_;
    CleanupRequest request_;
    undo::Place place_;
    std::string threshold_;
    std::string time_;
    std::vector<std::unique_ptr<TenantCleanup>> cleanups_;
};

}  // namespace tti::identity_server
