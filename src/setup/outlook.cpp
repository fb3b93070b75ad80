#include "setup/outlook.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cli/aws_of_run.hpp"
#include "identity_server/password_policy.hpp"
#include "identity_server/rules.hpp"
#include "operation/recorder.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::setup {
namespace {

using operation::Plan;

constexpr std::array<std::string_view, 3> updating_steps{"update tenant", "update-client", "update-user"};

// The reasons that all steps give: two plans that would write the same have the same ones.
std::string reasons(const std::vector<Plan>& plans) {
    std::string text;
    for (const auto& plan : plans) {
        for (const auto& step : plan.steps) text += fmt::format("{}\n{}\n", step.name, step.why);
    }
    return text;
}

bool has_step(const std::vector<Plan>& plans, std::string_view name) {
    return std::ranges::any_of(plans, [&](const Plan& plan) {
        return std::ranges::any_of(plan.steps, [&](const auto& step) { return step.name == name; });
    });
}

}  // namespace

std::vector<std::string> Outlook::confirmations() const {
    std::vector<std::string> all;
    for (const auto& plan : plans) {
        if (!plan.confirmation.empty()) all.push_back(plan.confirmation);
    }
    return all;
}

bool Outlook::makes(std::string_view step) const {
    return has_step(plans, step);
}

std::string Outlook::updates() const {
    std::vector<std::string> all;
    for (const auto& plan : plans) {
        for (const auto& step : plan.steps) {
            if (std::ranges::find(updating_steps, step.name) != updating_steps.end())
                all.push_back(fmt::format("{} ({})", step.what, step.why));
        }
    }
    return util::join(all, "; ");
}

Outlook Lookout::look(const Action& action) {
    if (action.of == Action::Of::client) return look_at_client(action);
    if (action.of == Action::Of::admin) return look_at_admin(action);
    return {.plans = dry_run(action, action.arguments), .arguments = action.arguments};
}

// A client that is there is compared with and without the secret, so that the difference is the secret's.
Outlook Lookout::look_at_client(const Action& action) {
    Outlook with{.plans = dry_run(action, action.with_secret()), .arguments = action.with_secret()};
    if (!with.makes("update-client") || replace_.contains(action.id)) return with;
    Outlook without{.plans = dry_run(action, action.without_secret()), .arguments = action.without_secret()};
    if (reasons(with.plans) == reasons(without.plans)) return with;
    without.secret_differs = true;
    without.secret_note = fmt::format(
        "The secret of OAuth client {} differs from what is described, and stays; --replace-secret={} "
        "replaces "
        "it.",
        action.id, action.id);
    return without;
}

// A user who is there has a password of their own by now.
Outlook Lookout::look_at_admin(const Action& action) {
    Outlook keeping{.arguments = action.without_secret()};
    try {
        keeping.plans = dry_run(action, keeping.arguments);
    } catch (const Error& error) {
        if (error.code() != ExitCode::usage) throw;
        // There is no such user yet; where something else is wrong, this fails for the same reason.
        return {.plans = dry_run(action, action.with_secret()), .arguments = action.with_secret()};
    }
    try {
        const auto with = dry_run(action, action.with_secret());
        if (reasons(with) == reasons(keeping.plans)) return keeping;
        keeping.secret_note = fmt::format(
            "The password of user {} of tenant {} differs from what is described, and stays; is-db "
            "create-admin-user sets another.",
            action.id, action.tenant_id);
    } catch (const Error& error) {
        if (error.code() != ExitCode::usage) throw;
        keeping.secret_note = fmt::format("The password of user {} of tenant {} was not compared: {}.",
                                          action.id, action.tenant_id, error.what());
    }
    return keeping;
}

void Lookout::require_secret(const Action& action) {
    if (action.secret_from.empty()) return;
    const bool client = action.of == Action::Of::client;
    const auto secret =
        cli::read_secret(context_, client ? "secret-from" : "password-from", action.secret_from);
    const auto good = client
                          ? identity_server::check_client_secret(secret)
                          : identity_server::check_password(
                                secret, action.id, identity_server::password_requirements(context_.values));
    if (!good) throw UsageError(fmt::format("{}: {}", action.name(), good.error()), "Choose another one.");
}

std::vector<Plan> Lookout::dry_run(const Action& action, std::vector<std::string> arguments) {
    operation::Recorder recorder;
    arguments.emplace_back("--dry-run");
    run(action, std::move(arguments), recorder);
    std::vector<Plan> plans;
    std::ranges::copy_if(recorder.plans(), std::back_inserter(plans),
                         [](const Plan& plan) { return !plan.steps.empty(); });
    return plans;
}

void Lookout::run(const Action& action, std::vector<std::string> arguments, operation::Reporter& reporter) {
    if (action.of_identity_server()) arguments.insert(arguments.end(), shared_.begin(), shared_.end());
    try {
        const auto code = context_.run_command(arguments, reporter, context_.stop);
        if (code != ExitCode::done) throw Error(code, fmt::format("it ended with {}", name_of(code)));
    } catch (const InterruptedError&) {
        throw;
    } catch (const UnreachableError& error) {
        throw UnreachableError(fmt::format("{}: {}", action.name(), error.what()), error.hint());
    } catch (const Error& error) {
        throw Error(error.code(), fmt::format("{}: {}", action.name(), error.what()), error.hint());
    }
}

}  // namespace tti::setup
