#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "identity_server/global_clients.hpp"
#include "identity_server/oauth_client.hpp"
#include "identity_server/session.hpp"
#include "operation/operation.hpp"
#include "operation/runner.hpp"

namespace tti::identity_server {

// What both kinds of OAuth client share: a secret is generated at most once, and told after the commit.
class ClientOperation : public operation::Operation {
  public:
    ClientOperation(Session& session, ClientRequest request);
    std::string result_text() override;
    nlohmann::json result_data() override;

  protected:
    [[nodiscard]] Session& session() const { return session_; }
    [[nodiscard]] const ClientRequest& request() const { return request_; }
    [[nodiscard]] ClientChange change_for(const std::optional<ClientRow>& row) const;
    operation::Step step_for(bool exists, std::string why);
    virtual void run(operation::StepContext& context) = 0;
    [[nodiscard]] virtual std::string where() const = 0;
    [[nodiscard]] virtual nlohmann::json tenant_data() const = 0;
    // After the commit.
    void done(bool existed, bool changed, bool shows_generated);
    // Somebody who is no run of this program, and does not take its lock, was faster.
    [[noreturn]] void refuse_taken() const;

  private:
    Session& session_;
    ClientRequest request_;
    Secret generated_;
    bool shows_generated_ = false;
    std::string action_ = "unchanged";
};

// A client of one tenant, with its owner.
class TenantClientOperation final : public ClientOperation {
  public:
    TenantClientOperation(Session& session, ClientRequest request);
    operation::Plan plan() override;

  private:
    struct Situation {
        std::optional<ClientRow> row;
        ClientChange change;
        std::optional<Account> owner;
        bool owner_missing = false;
    };
    Situation look(Locking locking);
    void run(operation::StepContext& context) override;
    [[nodiscard]] std::string where() const override;
    [[nodiscard]] nlohmann::json tenant_data() const override;

    Tenant tenant_;
};

// A client that is valid for all tenants, present and future.
class GlobalClientOperation final : public ClientOperation {
  public:
    GlobalClientOperation(Session& session, ClientRequest request);
    operation::Plan plan() override;
    void verify() override;

  private:
    struct Situation {
        std::optional<ClientRow> row;
        ClientChange change;
        std::size_t stale = 0;     // tenants whose copy is missing or differs
        std::size_t replaced = 0;  // tenants with a client of their own of this ID
    };
    Situation look(Locking locking);
    void count_copies(Situation& situation);
    void run(operation::StepContext& context) override;
    [[nodiscard]] std::string where() const override { return "all tenants"; }
    [[nodiscard]] nlohmann::json tenant_data() const override;

    std::vector<Tenant> tenants_;
};

}  // namespace tti::identity_server
