#pragma once

#include <string>

#include "identity_server/session.hpp"
#include "operation/operation.hpp"
#include "operation/undo_file.hpp"

namespace tti::identity_server {

// Plays an undo file of is-db cleanup back, the last batch first, each in one transaction. What is there
// already stays as it is. An entity whose ID was taken by another meanwhile stays away with everything that
// depends on it.
class RestoreOperation final : public operation::Operation {
  public:
    RestoreOperation(Session& session, Tenant tenant, operation::UndoReader reader)
        : session_(session), tenant_(std::move(tenant)), reader_(std::move(reader)) {}

    operation::Plan plan() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    [[nodiscard]] operation::Step step();
    void run(operation::StepContext& context);

    Session& session_;
    Tenant tenant_;
    operation::UndoReader reader_;
    operation::Amounts in_file_, restored_, there_, refused_;
    std::vector<std::string> taken_;
};

}  // namespace tti::identity_server
