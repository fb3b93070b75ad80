#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "identity_server/eui_block.hpp"
#include "identity_server/session.hpp"
#include "operation/operation.hpp"
#include "operation/runner.hpp"

namespace tti::identity_server {

struct EuiBlockRequest {
    std::string tenant_id;  // empty: the one that the database URI names
    EuiPrefix prefix;
    EuiBlock block;
};

// Adds a block that the stack issues DevEUIs from. A block in use, with its counter further on, counts as the
// same one.
class EuiBlockOperation final : public operation::Operation {
  public:
    EuiBlockOperation(Session& session, EuiBlockRequest request);

    operation::Plan plan() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    // True where the block is there already; throws RefusedError for one that differs or overlaps.
    bool exists();
    void run(operation::StepContext& context);

    Session& session_;
    EuiBlockRequest request_;
    Tenant tenant_;
    std::string action_ = "unchanged";
};

}  // namespace tti::identity_server
