#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "identity_server/output_template.hpp"
#include "identity_server/session.hpp"
#include "identity_server/token.hpp"
#include "operation/operation.hpp"
#include "operation/runner.hpp"
#include "settings/value.hpp"

namespace tti::identity_server {

// What was asked for, checked.
struct ApiKeyRequest {
    std::string tenant_id;  // empty: the one that the database URI names
    std::string user_id;
    std::string name;
    std::optional<settings::Time> expires_at;
    OutputTemplate output;
};

// What the output template may name.
std::vector<std::string> api_key_fields();

// Adds an API key with all rights to a user: another one each time.
class ApiKeyOperation final : public operation::Operation {
  public:
    ApiKeyOperation(Session& session, ApiKeyRequest request);

    operation::Plan plan() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    void run(operation::StepContext& context);

    Session& session_;
    ApiKeyRequest request_;
    Tenant tenant_;
    Token token_;
    std::string created_at_;
};

}  // namespace tti::identity_server
