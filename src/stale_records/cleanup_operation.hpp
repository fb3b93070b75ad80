#pragma once

#include <memory>
#include <optional>
#include <string>

#include "key_space/undo.hpp"
#include "operation/deletion_limit.hpp"
#include "operation/operation.hpp"
#include "stale_records/remover.hpp"
#include "stale_records/scope.hpp"
#include "stale_records/survey.hpp"

namespace tti::stale_records {

// Removes what belongs to devices and applications that the Identity Server does not know.
class CleanupOperation final : public operation::Operation {
  public:
    CleanupOperation(key_space::Session& session, Scope scope, operation::DeletionLimit limit,
                     undo::Place place);

    operation::Plan plan() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    void add_steps(operation::Plan& plan);
    [[nodiscard]] operation::Step step(std::string name, std::string what, std::string why) const;
    void list(operation::Plan& plan) const;
    void guard(operation::Plan& plan) const;
    [[nodiscard]] std::string confirmation(const operation::Plan& plan) const;
    void remove_records(operation::StepContext& context);
    void remove_orphans(operation::StepContext& context);
    void remove_queued(operation::StepContext& context);
    void walk_and_remove(
        operation::StepContext& context, const std::vector<lorawan::KeyKind>& kinds,
        const std::function<std::vector<Candidate>(std::span<const key_space::FoundKey>)>& choose);
    void finish(operation::StepContext& context);
    [[nodiscard]] operation::Amounts removed() const;

    key_space::Session& session_;
    Scope scope_;
    operation::DeletionLimit limit_;
    undo::Place place_;
    key_space::UndoRows undo_;
    std::unique_ptr<IdentitySource> identities_;
    Known known_;
    Survey survey_;
    std::unique_ptr<Remover> remover_;
    bool empty_ = false;
};

}  // namespace tti::stale_records
