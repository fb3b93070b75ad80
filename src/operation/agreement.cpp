#include "operation/agreement.hpp"

#include <fmt/format.h>

#include "util/error.hpp"

namespace tti::operation {
namespace {

void refuse_if_refused(const Plan& plan) {
    if (plan.refusals.empty()) return;
    std::string reasons;
    for (const auto& refusal : plan.refusals) {
        reasons += (reasons.empty() ? "" : "; ") + refusal;
    }
    throw RefusedError(fmt::format("will not {}: {}", plan.title, reasons), plan.refusal_hint);
}

void confirm(const Plan& plan, const RunOptions& options, Confirmer& confirmer) {
    if (plan.confirmation.empty() || options.yes) return;
    if (!confirmer.can_ask()) {
        throw RefusedError(plan.confirmation, "Add --yes to agree, or --dry-run to see the plan alone.");
    }
    if (!confirmer.ask(plan.confirmation + ". Go on?")) {
        throw RefusedError("not confirmed, nothing was changed", "Answer yes, or add --yes.");
    }
}

}  // namespace

void require_agreement(const Plan& plan, const RunOptions& options, Confirmer& confirmer) {
    refuse_if_refused(plan);
    if (!options.dry_run && !plan.steps.empty()) confirm(plan, options, confirmer);
}

}  // namespace tti::operation
