#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "identity_server/accounts.hpp"
#include "identity_server/row_change.hpp"
#include "identity_server/session.hpp"
#include "operation/operation.hpp"
#include "operation/runner.hpp"
#include "util/secret.hpp"

namespace tti::identity_server {

// What was asked for, checked. What is absent stays as it is.
struct AdminUserRequest {
    std::string tenant_id;  // empty: the one that the database URI names
    std::string id;
    std::optional<std::string> email;
    std::optional<Secret> password;
    std::optional<std::string> name;
    bool revoke_sessions = false;
};

// Makes a user, or one that is there, an approved admin with a valid e-mail address.
class AdminUserOperation final : public operation::Operation {
  public:
    AdminUserOperation(Session& session, AdminUserRequest request);

    operation::Plan plan() override;
    void verify() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    struct Situation {
        std::optional<Account> account;
        RowChange change;
    };
    Situation look(Locking locking);
    void require_free_email(const std::optional<Account>& account);
    operation::Amounts sessions_of(const std::string& user);
    operation::Step step_for(const Situation& situation, const operation::Amounts& sessions);
    void run(operation::StepContext& context);
    void write(const Situation& situation);
    void revoke(const Account& account, operation::StepContext& context);

    Session& session_;
    AdminUserRequest request_;
    Tenant tenant_;
    std::string action_ = "unchanged";
    operation::Amounts revoked_;
};

}  // namespace tti::identity_server
