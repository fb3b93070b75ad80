#pragma once

#include <memory>
#include <string>

#include "identity_server/cleanup_request.hpp"
#include "identity_server/purge_count.hpp"
#include "identity_server/purge_rules.hpp"
#include "identity_server/removal.hpp"
#include "identity_server/session.hpp"
#include "operation/runner.hpp"
#include "undo/place.hpp"

namespace tti::identity_server {

// The cleanup of one tenant: first counted, then run step by step. Lives as long as the plan's steps.
class TenantCleanup {
  public:
    // `threshold` is an SQL literal; `time` names the undo file. `request` and `place` have to outlive it.
    TenantCleanup(Session& session, Tenant tenant, const CleanupRequest& request, const undo::Place& place,
                  std::string threshold, const std::string& time);

    // Counts, and adds the tenant's steps, notes and refusals.
    void plan(operation::Plan& plan);

    [[nodiscard]] const Tenant& tenant() const { return tenant_; }
    [[nodiscard]] std::int64_t planned_rows() const;
    [[nodiscard]] const PurgeCounts& planned() const { return counts_; }
    // What is gone, and where it can be brought back from; empty where nothing was kept.
    [[nodiscard]] const operation::Amounts& removed() const { return removed_; }
    [[nodiscard]] std::string undo_file() const;

  private:
    void refuse_above_limit(operation::Plan& plan) const;
    [[nodiscard]] operation::Step step(std::size_t number);
    [[nodiscard]] std::string undo_text() const;

    void run_kind(const PurgeKind& kind, operation::StepContext& context);
    void remove_kind(const PurgeKind& kind, Removal& removal, std::int64_t first, std::int64_t last);
    void lock(const PurgeKind& kind, std::int64_t first, std::int64_t last);
    void run_orphans(operation::StepContext& context);
    void remove_orphans(const std::string& table, operation::StepContext& context);
    void clear_orphans(const struct OrphanReference& reference, operation::StepContext& context);

    std::int64_t choose_candidates(const std::string& select);
    void in_batches(const nlohmann::json& about, const std::string& unit, std::int64_t total,
                    operation::StepContext& context,
                    const std::function<void(Removal&, std::int64_t, std::int64_t)>& body);
    operation::UndoWriter* undo();

    Session& session_;
    Tenant tenant_;
    const CleanupRequest& request_;
    const undo::Place& place_;
    std::string threshold_;
    std::string undo_name_;
    PurgeCounts counts_;
    operation::Amounts removed_;
    std::unique_ptr<operation::UndoWriter> undo_;
};

}  // namespace tti::identity_server
