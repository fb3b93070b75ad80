#include "setup/operation.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "stack/tenants_behind.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::setup {
namespace {

using operation::Plan;
using operation::Step;

// The steps of a command's own plans, told as one.
Step summary(const Action& action, const Outlook& outlook) {
    Step step{.name = action.name()};
    std::vector<std::string> reasons;
    std::size_t count = 0;
    bool all_undone = true;
    for (const auto& plan : outlook.plans) {
        for (const auto& inner : plan.steps) {
            if (++count == 1) {
                step.what = inner.what;
                step.undo = inner.undo;
            }
            all_undone = all_undone && !inner.undo.empty();
            if (std::ranges::find(reasons, inner.why) == reasons.end()) reasons.push_back(inner.why);
            for (const auto& amount : inner.touches) operation::add(step.touches, amount.what, amount.number);
            step.lock = std::max(step.lock, inner.lock);
            step.destroys = step.destroys || inner.destroys;
        }
    }
    if (count > 1) step.what = fmt::format("{}, in {} steps", outlook.plans.front().title, count);
    if (!all_undone) step.undo.clear();
    step.why = util::join(reasons, "; ");
    return step;
}

// What a command tells while it runs, as part of this run.
class StepReporter final : public operation::Reporter {
  public:
    using Reporter::log;
    explicit StepReporter(operation::StepContext& step) : step_(step) {}

    void log(operation::Level level, std::string_view message, const nlohmann::json& /*fields*/) override {
        if (level >= operation::Level::warn) step_.log(level, message);
    }
    void plan(const Plan& /*plan*/, bool /*dry_run*/) override {}
    void progress(const operation::Progress& progress) override {
        step_.progress(progress.unit, progress.done, progress.total);
    }
    void step_done(const Step& /*step*/, const operation::Amounts& counts,
                   std::chrono::milliseconds /*took*/) override {
        for (const auto& amount : counts) step_.count(amount.what, amount.number);
    }
    void result(std::string_view text, const nlohmann::json& /*data*/) override {
        if (!text.empty()) step_.log(operation::Level::info, text);
    }
    void error(const Error& error) override { step_.log(operation::Level::error, error.what()); }

  private:
    operation::StepContext& step_;
};

std::set<std::string> replaced(const settings::Values& values, const Deployment& deployment) {
    std::set<std::string> ids;
    for (const auto& id : values.list("replace-secret")) {
        if (std::ranges::find(deployment.clients, id, &OAuthClient::id) == deployment.clients.end()) {
            throw UsageError(
                fmt::format("--replace-secret = {:?}: no OAuth client of that ID is described", id),
                "The dry run names those whose secrets differ.");
        }
        ids.insert(id);
    }
    return ids;
}

// All, or the one that is asked for by its name.
std::vector<Action> wanted_actions(const settings::Values& values, const Deployment& deployment) {
    auto all = actions(deployment);
    if (!values.given("step")) return all;
    std::erase_if(all, [&](const Action& action) { return action.name() != values.text("step"); });
    if (all.empty()) {
        throw UsageError(fmt::format("--step = {:?}: nothing of that name is described", values.text("step")),
                         "The dry run names the steps.");
    }
    return all;
}

// Settings that the description gives to the commands.
std::vector<std::string> shared_arguments(const Deployment& deployment) {
    if (!deployment.default_tenant_given) return {};
    return {"--tenancy.default-id=" + deployment.default_tenant};
}

}  // namespace

SetupOperation::SetupOperation(cli::Context& context, const Deployment& deployment)
    : context_(context),
      deployment_(deployment),
      lookout_(context, replaced(context.values, deployment), shared_arguments(deployment)),
      actions_(wanted_actions(context.values, deployment)) {}

std::string SetupOperation::waits_for(const Action& action) const {
    constexpr auto tables = "is-db migrate";
    if (!action.of_identity_server() || action.name() == tables) return {};
    if (coming_.contains(tables)) return tables;
    auto tenant = "is-db create-tenant " + action.tenant_id;
    return coming_.contains(tenant) ? tenant : "";
}

void SetupOperation::note_secret(const Action& action, const Outlook& outlook) {
    if (outlook.secret_note.empty()) return;
    // A client is looked at more than once.
    if (std::ranges::find(secret_notes_, outlook.secret_note) != secret_notes_.end()) return;
    secret_notes_.push_back(outlook.secret_note);
    if (outlook.secret_differs) differing_.push_back(action.id);
}

void SetupOperation::plan_action(const Action& action, Plan& plan) {
    Step step{.name = action.name(), .what = action.what, .lock = operation::Lock::rows, .undo = action.undo};
    const auto first = waits_for(action);
    if (!first.empty()) {
        lookout_.require_secret(action);
        step.why = fmt::format("{} comes first", first);
        if (action.of == Action::Of::tenant) coming_.insert(action.name());
    } else {
        const auto outlook = lookout_.look(action);
        note_secret(action, outlook);
        if (outlook.nothing_to_do()) return;
        if (deployment_.secondary && outlook.makes("create tables")) {
            plan.refusals.push_back(
                fmt::format("{}: the Identity Server's database has no tables, but a "
                            "secondary cluster uses the one of the primary cluster",
                            action.name()));
            plan.refusal_hint =
                "Set is.database-uri to that database, and prepare the primary cluster first.";
        }
        if (action.name() == "is-db migrate" || outlook.makes("create tenant")) coming_.insert(action.name());
        step = summary(action, outlook);
        for (const auto& inner : outlook.plans)
            plan.notes.insert(plan.notes.end(), inner.notes.begin(), inner.notes.end());
        for (const auto& sentence : outlook.confirmations()) agreed_.insert(sentence);
    }
    step.run = [this, &action, unseen = !first.empty()](operation::StepContext& context) {
        run(action, unseen, context);
    };
    plan.steps.push_back(std::move(step));
}

// Keys of a tenant may have been there before the deployment was described, in the layout of an older
// release.
void SetupOperation::plan_tenants_behind(Plan& plan) {
    const std::vector<std::string> groups{"ns-db", "as-db", "js-db", "dcs-db"};
    auto ids = left_over_.tenants;
    for (const auto& tenant : deployment_.tenants) {
        if (tenant.id != deployment_.default_tenant) ids.push_back(tenant.id);
    }
    tenant_migrations_.clear();
    for (const auto& one : stack::tenants_behind(context_, groups, ids)) {
        tenant_migrations_.push_back({.heading = "Migrate keys of tenant",
                                      .arguments = stack::migration_of(one.group, one.tenant_id),
                                      .id = one.tenant_id});
    }
    for (const auto& action : tenant_migrations_) plan_action(action, plan);
}

Plan SetupOperation::plan() {
    Plan plan{.title = fmt::format("set up {}", deployment_.domain)};
    for (const auto& action : actions_) plan_action(action, plan);
    plan.notes.insert(plan.notes.end(), secret_notes_.begin(), secret_notes_.end());
    left_over_ = find_left_over(context_, deployment_, shared_arguments(deployment_));
    plan_tenants_behind(plan);
    for (auto& sentence : left_over_.sentences()) plan.notes.push_back(std::move(sentence));
    if (deployment_.secondary) {
        plan.notes.emplace_back(
            "This is a secondary cluster: its OAuth clients are made in the Identity Server's database of "
            "the "
            "primary cluster, without relative URIs.");
    }
    if (plan.steps.empty()) return plan;
    plan.confirmation = fmt::format("{} command{} would change the databases of {}", plan.steps.size(),
                                    plan.steps.size() == 1 ? "" : "s", deployment_.domain);
    for (const auto& sentence : agreed_) plan.confirmation += "; " + sentence;
    return plan;
}

// Tables that are behind may hold what is described already, in another form.
void SetupOperation::require_seen(const Action& action, const Outlook& outlook,
                                  operation::StepContext& step) const {
    const auto updates = outlook.updates();
    if (updates.empty()) return;
    if (!context_.values.boolean("yes")) {
        throw RefusedError(fmt::format("{} changes what is there, which the plan could not show: {}",
                                       action.name(), updates),
                           "Give the command again to see it.");
    }
    step.log(operation::Level::info, fmt::format("{}: {}", action.name(), updates));
}

// The plan may have changed by what was run before, or by somebody else.
void SetupOperation::run(const Action& action, bool unseen, operation::StepContext& step) {
    auto outlook = lookout_.look(action);
    note_secret(action, outlook);
    if (outlook.nothing_to_do()) return;
    if (unseen) require_seen(action, outlook, step);
    for (const auto& sentence : outlook.confirmations()) {
        if (agreed_.contains(sentence)) continue;
        throw RefusedError(fmt::format("{}: {}, which the plan did not say", action.name(), sentence),
                           "Give the command again to see it.");
    }
    auto& arguments = outlook.arguments;
    if (!outlook.confirmations().empty()) arguments.emplace_back("--yes");
    if (context_.values.given("wait"))
        arguments.push_back("--wait=" + context_.values.display("wait", false));
    StepReporter reporter(step);
    lookout_.run(action, std::move(arguments), reporter);
    ++run_;
}

void SetupOperation::verify() {
    auto all = actions_;
    all.insert(all.end(), tenant_migrations_.begin(), tenant_migrations_.end());
    for (const auto& action : all) {
        const auto outlook = lookout_.look(action);
        note_secret(action, outlook);
        if (outlook.nothing_to_do()) continue;
        throw Error(ExitCode::unexpected,
                    fmt::format("{} has something to change again: {}", action.name(),
                                outlook.plans.front().steps.front().what),
                    "Somebody else changed it at the same time; give the command again.");
    }
}

std::string SetupOperation::result_text() {
    if (run_ == 0) return fmt::format("nothing to do: {} is as described", deployment_.domain);
    return fmt::format("{} is as described: {} command{} changed something", deployment_.domain, run_,
                       run_ == 1 ? "" : "s");
}

nlohmann::json SetupOperation::result_data() {
    return {{"domain", deployment_.domain},
            {"commands_run", run_},
            {"secrets_differ", differing_},
            {"not_described",
             {{"tenants", left_over_.tenants},
              {"oauth_clients", left_over_.clients},
              {"admin_users", left_over_.admins}}}};
}

}  // namespace tti::setup
