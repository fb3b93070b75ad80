#include "stack/upgrade_plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "stack/survey.hpp"
#include "stack/tenants_behind.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::stack {
namespace {

using operation::Plan;
using operation::Step;

// A dry run counts every record, however many there are.
constexpr std::chrono::hours patience{24};
constexpr std::size_t most_named = 10;

std::string listed(const std::vector<std::string>& items) {
    const auto count = std::min(items.size(), most_named);
    const std::span first(items.data(), count);
    const auto more = items.size() - count;
    return util::join(first, ", ") + (more == 0 ? "" : fmt::format(" and {} more", more));
}

class Planning {
  public:
    Planning(cli::Context& context, const Selection& selection) : context_(context), selection_(selection) {}

    UpgradePlan operator()() {
        for (auto& due : survey(context_, selection_.chosen, context_.stop, patience)) {
            warn(due.warnings, due.database.group);
            take({.group = std::string(due.database.group)}, std::move(due.plan), due.failure);
            take_tenants(due.database);
        }
        throw_if_failed();
        auto plan = shown();
        auto left_out = selection_.left_out;
        left_out.insert(left_out.end(), tenants_left_out_.begin(), tenants_left_out_.end());
        return {std::move(parts_), std::move(plan), std::move(warnings_), std::move(left_out)};
    }

  private:
    void take(UpgradePart part, std::optional<Plan> plan, const std::optional<Failure>& failure) {
        if (failure) {
            failures_.emplace_back(std::move(part), *failure);
        } else if (plan && !plan->steps.empty()) {
            part.plan = std::move(*plan);
            parts_.push_back(std::move(part));
        }
    }

    void warn(const std::vector<std::string>& warnings, std::string_view group) {
        for (const auto& warning : warnings) {
            if (warnings_.insert(warning).second)
                context_.reporter.log(operation::Level::warn, warning, {{"database", group}});
        }
    }

    void take_tenants(const Database& database) {
        if (database.server != Server::redis) return;
        if (!behind_) behind_ = find_tenants();
        for (const auto& tenant : *behind_) {
            if (tenant.group != database.group) continue;
            UpgradePart part{.group = tenant.group, .tenant_id = tenant.tenant_id};
            auto arguments = part.arguments();
            arguments.emplace_back("--dry-run");
            util::DeadlineStop stop(context_.stop, patience);
            auto answer = ask(context_, arguments, stop);
            warn(answer.warnings, tenant.group);
            auto plan = answer.plans.empty() ? std::nullopt : std::optional(std::move(answer.plans.back()));
            take(std::move(part), std::move(plan), answer.failure);
        }
    }

    std::vector<TenantBehind> find_tenants() {
        std::vector<std::string> groups;
        for (const auto& database : selection_.chosen) {
            if (database.server == Server::redis) groups.emplace_back(database.group);
        }
        const auto tenants = registered_tenants(groups);
        try {
            return tenants_behind(context_, groups, tenants);
        } catch (const InterruptedError&) {
            throw;
        } catch (const Error& error) {
            // Where the survey met it, too, it is told already.
            const auto is_told = std::ranges::any_of(
                failures_, [&groups](const auto& failure) { return failure.first.group == groups.front(); });
            if (!is_told)
                failures_.push_back({{.group = groups.front()}, {error.code(), error.what(), error.hint()}});
            return {};
        }
    }

    // Without the default one, and without those that cannot have keys of their own.
    std::vector<std::string> registered_tenants(const std::vector<std::string>& groups) {
        util::DeadlineStop stop(context_.stop, patience);
        const auto answer = ask(context_, {"is-db", "tenants"}, stop);
        if (answer.failure) {
            notes_.push_back(
                fmt::format("The register of tenants cannot be read ({}), so keys in Redis of other tenants "
                            "than the default one "
                            "are left as they are.",
                            answer.failure->message));
            for (const auto& group : groups) {
                tenants_left_out_.push_back(
                    {group,
                     "its keys of other tenants than the default one, for the register of tenants "
                     "cannot be read"});
            }
            return {};
        }
        return tenants_besides_default(answer.data);
    }

    void throw_if_failed() const {
        if (failures_.empty()) return;
        std::vector<std::string> messages;
        std::vector<std::string> groups;
        for (const auto& [names, why] : by_cause())
            messages.push_back(fmt::format("{}: {}", util::join(names, ", "), why));
        for (const auto& [part, failure] : failures_) {
            if (std::ranges::find(groups, part.group) == groups.end()) groups.push_back(part.group);
        }
        const auto& failure = failures_.front().second;
        throw Error(failure.code,
                    fmt::format("nothing was changed; there is no plan for {}", util::join(messages, "; ")),
                    failure.hint + way_around(std::move(groups)));
    }

    // A server that is down is named once, with all that lies there.
    [[nodiscard]] std::vector<std::pair<std::vector<std::string>, std::string>> by_cause() const {
        std::vector<std::pair<std::vector<std::string>, std::string>> causes;
        for (const auto& [part, failure] : failures_) {
            const auto why = cause(failure);
            const auto known = std::ranges::find(causes, why, [](const auto& one) { return one.second; });
            if (known == causes.end()) {
                causes.push_back({{part.name()}, why});
            } else {
                known->first.push_back(part.name());
            }
        }
        return causes;
    }

    [[nodiscard]] std::string way_around(std::vector<std::string> groups) const {
        if (groups.size() == selection_.chosen.size()) return "";
        const auto& skipped = context_.values.list("skip");
        groups.insert(groups.begin(), skipped.begin(), skipped.end());
        return fmt::format(" To leave it out: tti-lw-stack upgrade --skip={}", util::join(groups, ","));
    }

    [[nodiscard]] Plan shown() const {
        Plan plan{.title = fmt::format("bring {} database{} up to date", selection_.chosen.size(),
                                       selection_.chosen.size() == 1 ? "" : "s"),
                  .shows_hash = true};
        for (const auto& part : parts_) add(part, plan);
        for (const auto& left_out : selection_.left_out)
            plan.notes.push_back(fmt::format("{} is left out: {}.", left_out.group, left_out.why));
        plan.notes.insert(plan.notes.end(), notes_.begin(), notes_.end());
        offer_backup(plan);
        plan.confirmation = losses();
        return plan;
    }

    static void add(const UpgradePart& part, Plan& plan) {
        for (auto step : part.plan.steps) {
            step.database = part.group;
            if (step.group.empty()) step.group = part.tenant_id;
            step.run = nullptr;
            plan.steps.push_back(std::move(step));
        }
        for (const auto& note : part.plan.notes)
            plan.notes.push_back(fmt::format("{}: {}", part.name(), note));
    }

    static void offer_backup(Plan& plan) {
        const auto count = std::ranges::count_if(plan.steps, [](const Step& step) {
            return step.undo.empty() && (step.destroys || !step.touches.empty());
        });
        if (count == 0) return;
        plan.notes.push_back(
            fmt::format("{} step{} what is there and cannot be undone. Back up first with tti-lw-stack "
                        "backup DIR, or let it be done by upgrade --backup DIR.",
                        count, count == 1 ? " changes" : "s change"));
    }

    [[nodiscard]] std::string losses() const {
        std::vector<std::string> losses;
        for (const auto& part : parts_) {
            if (!part.plan.confirmation.empty()) {
                losses.push_back(fmt::format("{}: {}", part.name(), part.plan.confirmation));
                continue;
            }
            for (const auto& step : part.plan.steps) {
                if (step.destroys) {
                    losses.push_back(
                        fmt::format("{}: {} removes {}", part.name(), step.name, describe(step.touches)));
                }
            }
        }
        return losses.empty() ? "" : "Some of this cannot be brought back: " + listed(losses);
    }

    cli::Context& context_;
    const Selection& selection_;
    std::vector<UpgradePart> parts_;
    std::vector<std::pair<UpgradePart, Failure>> failures_;
    std::vector<std::string> notes_;
    std::vector<Selection::LeftOut> tenants_left_out_;
    std::set<std::string> warnings_;
    std::optional<std::vector<TenantBehind>> behind_;
};

}  // namespace

std::string UpgradePart::name() const {
    return tenant_id.empty() ? group : fmt::format("{} of tenant {}", group, tenant_id);
}

std::vector<std::string> UpgradePart::arguments() const {
    return migration_of(group, tenant_id);
}

UpgradePlan plan_upgrade(cli::Context& context, const Selection& selection) {
    return Planning(context, selection)();
}

}  // namespace tti::stack
