#include "stack/upgrade_run.hpp"

#include <algorithm>
#include <array>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cli/command_line.hpp"
#include "operation/failure_point.hpp"
#include "stack/passing_reporter.hpp"
#include "stack/until.hpp"
#include "util/deadline_stop.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::stack {
namespace {

using operation::Plan;
using operation::Step;
using std::chrono::system_clock;

std::string until_flag(system_clock::time_point until) {
    return fmt::format("--until={:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(system_clock::to_time_t(until)));
}

// The command that continues: as it was given, without what held for the first time only. A time of day, used
// after it, would be that of another day, so its end stands there as a full time.
std::string continuing_command(const cli::Context& context, bool backed_up,
                               const std::optional<system_clock::time_point>& until) {
    const auto& values = context.values;
    std::vector<std::string> words{"tti-lw-stack", "upgrade"};
    for (const auto& option : values.options()) {
        if (values.source(option.name).origin != settings::Origin::flag) continue;
        const bool is_once =
            option.name == "plan-hash" || (option.name == "backup" && backed_up) || option.name == "until";
        if (!is_once) words.push_back(cli::shown_flag(option, values.display(option.name, false)));
    }
    if (until) words.push_back(until_flag(*until));
    return util::join(words, " ");
}

// "is-db, ns-db, as-db (3 name spaces)"
std::string listed(std::span<const UpgradePart> parts) {
    std::vector<std::string> texts;
    while (!parts.empty()) {
        const auto& first = parts.front();
        const auto end =
            std::ranges::find_if(parts, [&first](const auto& part) { return part.group != first.group; });
        const auto count = static_cast<std::size_t>(end - parts.begin());
        texts.push_back(count == 1 ? first.name() : fmt::format("{} ({} name spaces)", first.group, count));
        parts = parts.subspan(count);
    }
    return texts.empty() ? "nothing" : util::join(texts, ", ");
}

constexpr auto next_plan = "The next plan shows it.";

const Step* same_step(const Plan& plan, const Step& step) {
    const auto same = std::ranges::find_if(plan.steps, [&step](const Step& other) {
        return other.group == step.group && other.name == step.name;
    });
    return same == plan.steps.end() ? nullptr : &*same;
}

bool is_clearly_more(std::int64_t now, std::int64_t shown) {
    constexpr std::int64_t fraction = 10;
    constexpr std::int64_t few = 10;
    return now - shown > std::max(shown / fraction, few);
}

// Files grow without a row more.
bool touches_more(const Step& now, const Step& shown) {
    return std::ranges::any_of(now.touches, [&shown](const operation::Amount& amount) {
        const auto before = std::ranges::find(shown.touches, amount.what, &operation::Amount::what);
        return amount.what != "bytes" &&
               is_clearly_more(amount.number, before == shown.touches.end() ? 0 : before->number);
    });
}

// What would be removed that was not shown, in a phrase; empty: nothing.
std::string more_removed(const Plan& shown, const Plan& now) {
    if (!now.confirmation.empty() && now.confirmation != shown.confirmation) return now.confirmation;
    for (const auto& step : now.steps) {
        if (!step.destroys) continue;
        const auto* before = same_step(shown, step);
        if (before == nullptr || !before->destroys || touches_more(step, *before)) {
            return fmt::format("{} removes {}", step.name,
                               step.touches.empty() ? "what is there" : describe(step.touches));
        }
    }
    return {};
}

void require_as_shown(const UpgradePart& part, const Plan& now, UpgradeRun::Agreed agreed) {
    using enum UpgradeRun::Agreed;
    if (agreed == whatever_it_is) return;
    if (const auto more = more_removed(part.plan, now); !more.empty()) {
        throw RefusedError(
            fmt::format("by now more would be removed than the plan of {} showed: {}", part.name(), more),
            next_plan);
    }
    if (agreed != steps_shown) return;
    for (const auto& step : now.steps) {
        if (same_step(part.plan, step) != nullptr) continue;
        throw RefusedError(
            fmt::format("by now {} is due, which the plan of {} did not show", step.name, part.name()),
            next_plan);
    }
}

class Running {
  public:
    Running(cli::Context& context, const UpgradePlan& plan, const UpgradeRun& run)
        : context_(context), plan_(plan), run_(run), begun_(system_clock::now()) {
        if (run.until) {
            deadline_.emplace(context.stop,
                              std::chrono::ceil<std::chrono::milliseconds>(*run.until - begun_));
        }
    }

    std::vector<UpgradeDone> operator()() {
        try {
            back_up();
            for (const auto& part : plan_.parts) {
                util::throw_if_requested(stop());
                one(part);
                operation::failure_point("upgrade: after database");
            }
        } catch (const InterruptedError&) {
            throw InterruptedError(fmt::format("{}; {}", why_stopped(), how_far()), how_to_continue());
        } catch (const Error& error) {
            throw Error(
                error.code(), fmt::format("{}: {}; {}", at_, error.what(), how_far()),
                fmt::format("{}{}{}", error.hint(), error.hint().empty() ? "" : " ", how_to_continue()));
        }
        return std::move(done_);
    }

  private:
    util::Stop& stop() { return deadline_ ? static_cast<util::Stop&>(*deadline_) : context_.stop; }

    // By the command of that name, which is all that is known of it here.
    void back_up() {
        if (run_.backup.empty()) return;
        at_ = "backup";
        PassingReporter reporter(context_.reporter, {.group = "backup", .told = plan_.warnings},
                                 [](const Plan&) {});
        const std::array<std::string, 2> arguments{"backup", run_.backup};
        context_.run_command(arguments, reporter, stop());
        backed_up_ = true;
        context_.reporter.log(operation::Level::info, "Backed up", {{"to", run_.backup}});
    }

    void one(const UpgradePart& part) {
        at_ = part.name();
        PassingReporter reporter(
            context_.reporter,
            {.group = part.group,
             .tenant_id = part.tenant_id,
             .before = steps_done_,
             .all = plan_.shown.steps.size(),
             .told = plan_.warnings},
            [this, &part](const Plan& now) { require_as_shown(part, now, run_.agreed); });
        auto arguments = part.arguments();
        arguments.insert(arguments.end(), {"--yes", "--wait=" + run_.wait});
        context_.run_command(arguments, reporter, stop());
        steps_done_ += part.plan.steps.size();
        done_.push_back({part, reporter.text(), reporter.data()});
    }

    std::string why_stopped() {
        if (deadline_ && deadline_->is_over() && !context_.stop.requested())
            return fmt::format("stopped at a safe point, for it is {}", format_until(*run_.until, begun_));
        return "stopped on request, at a safe point";
    }

    [[nodiscard]] std::string how_far() const {
        const std::span parts(plan_.parts);
        return fmt::format("done: {}; not done: {}", listed(parts.first(done_.size())),
                           listed(parts.subspan(done_.size())));
    }

    [[nodiscard]] std::string how_to_continue() const {
        const bool is_over = deadline_ && deadline_->is_over();
        return "To continue: " +
               continuing_command(context_, backed_up_, is_over ? std::nullopt : run_.until);
    }

    cli::Context& context_;
    const UpgradePlan& plan_;
    const UpgradeRun& run_;
    system_clock::time_point begun_;
    std::optional<util::DeadlineStop> deadline_;
    std::string at_;
    bool backed_up_ = false;
    std::size_t steps_done_ = 0;
    std::vector<UpgradeDone> done_;
};

}  // namespace

std::vector<UpgradeDone> run_upgrade(cli::Context& context, const UpgradePlan& plan, const UpgradeRun& run) {
    return Running(context, plan, run)();
}

}  // namespace tti::stack
