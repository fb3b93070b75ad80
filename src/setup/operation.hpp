#pragma once

#include <set>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "operation/operation.hpp"
#include "operation/runner.hpp"
#include "setup/deployment.hpp"
#include "setup/left_over.hpp"
#include "setup/outlook.hpp"

namespace tti::setup {

// Makes the databases what a deployment says, by running the commands that have something to change. Each of
// them takes its own lock and keeps its own journal.
class SetupOperation final : public operation::Operation {
  public:
    SetupOperation(cli::Context& context, const Deployment& deployment);

    operation::Plan plan() override;
    void verify() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

    // IDs of the OAuth clients whose stored secrets are not the described ones, and were left.
    [[nodiscard]] const std::vector<std::string>& differing() const { return differing_; }

  private:
    void plan_action(const Action& action, operation::Plan& plan);
    void plan_tenants_behind(operation::Plan& plan);
    [[nodiscard]] std::string waits_for(const Action& action) const;
    void note_secret(const Action& action, const Outlook& outlook);
    void require_seen(const Action& action, const Outlook& outlook, operation::StepContext& step) const;
    void run(const Action& action, bool unseen, operation::StepContext& step);

    cli::Context& context_;
    const Deployment& deployment_;
    Lookout lookout_;
    std::vector<Action> actions_;
    std::vector<Action> tenant_migrations_;  // of keys in Redis that are behind
    std::set<std::string> coming_;           // names of the actions that others wait for
    std::set<std::string> agreed_;           // what the plan's confirmation named
    std::vector<std::string> secret_notes_;
    std::vector<std::string> differing_;
    LeftOver left_over_;
    std::size_t run_ = 0;
};

}  // namespace tti::setup
