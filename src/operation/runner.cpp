#include "operation/runner.hpp"

#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "operation/agreement.hpp"
#include "operation/failure_point.hpp"

namespace tti::operation {
namespace {

using Clock = std::chrono::steady_clock;

class RunningStep final : public StepContext {
  public:
    RunningStep(const Step& step, std::size_t number, std::size_t of, Parts& parts)
        : step_(step), number_(number), of_(of), parts_(parts) {
        publish("", 0, 0);
    }

    void progress(std::string_view unit, std::int64_t done, std::int64_t total) override {
        publish(unit, done, total);
    }
    void count(const std::string& what, std::int64_t number) override { add(counts_, what, number); }
    void log(Level level, std::string_view message) override { parts_.reporter.log(level, message); }
    util::Stop& stop() override { return parts_.stop; }
    void safe_point() override {
        failure_point("safe point");
        util::throw_if_requested(parts_.stop);
    }
    [[nodiscard]] const Amounts& counts() const { return counts_; }

  private:
    void publish(std::string_view unit, std::int64_t done, std::int64_t total) {
        parts_.reporter.progress({step_.name, number_, of_, std::string(unit), done, total});
        const auto within = total > 0 ? 100 * done / total : 0;
        const auto steps = static_cast<std::int64_t>(of_);
        const auto before = static_cast<std::int64_t>(number_) - 1;
        parts_.journal.progress(step_.name, static_cast<int>((100 * before + within) / steps));
    }

    const Step& step_;
    std::size_t number_;
    std::size_t of_;
    Parts& parts_;
    Amounts counts_;
};

// What went wrong, kept until the groups that are left have run.
struct Failures {
    std::set<std::string> groups;
    std::string messages;

    void note(const Step& step, const std::exception& error) {
        groups.insert(step.group);
        messages +=
            fmt::format("{}{}{}", messages.empty() ? "" : "; ",
                        step.group.empty() ? "" : fmt::format("tenant {}: ", step.group), error.what());
    }
};

bool other_groups_left(const Plan& plan, std::size_t index, const std::set<std::string>& failed) {
    for (std::size_t later = index + 1; later < plan.steps.size(); ++later) {
        if (!failed.contains(plan.steps[later].group)) return true;
    }
    return false;
}

class Run {
  public:
    Run(const Plan& plan, Parts& parts) : plan_(plan), parts_(parts) {}

    void steps() {
        for (std::size_t index = 0; index < plan_.steps.size(); ++index) {
            const auto& step = plan_.steps[index];
            if (failures_.groups.contains(step.group)) continue;
            util::throw_if_requested(parts_.stop);
            try {
                one(step, index + 1);
            } catch (const InterruptedError&) {
                throw;
            } catch (const UnreachableError&) {
                throw;
            } catch (const Error& error) {
                failures_.note(step, error);
                const bool alone = groups() == 1;
                // Alone, the error itself is the message that ends the run.
                parts_.reporter.log(Level::error, alone ? "Step failed" : error.what(),
                                    {{"tenant", step.group}, {"step", step.name}});
                if (alone) throw;
                if (!other_groups_left(plan_, index, failures_.groups)) break;
            }
        }
        if (!failures_.groups.empty()) {
            throw PartlyFailedError(
                fmt::format("{} of {} tenants failed: {}", failures_.groups.size(), groups(),
                            failures_.messages),
                "Mend what is named, then give the same command: it continues with what is not done.");
        }
    }

    [[nodiscard]] const Amounts& counts() const { return counts_; }

  private:
    void one(const Step& step, std::size_t number) {
        RunningStep running(step, number, plan_.steps.size(), parts_);
        const auto start = Clock::now();
        failure_point("before step");
        step.run(running);
        failure_point("after step");
        const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
        for (const auto& amount : running.counts()) {
            add(counts_, amount.what, amount.number);
        }
        parts_.reporter.step_done(step, running.counts(), took);
    }

    [[nodiscard]] std::size_t groups() const {
        std::set<std::string> all;
        for (const auto& step : plan_.steps) all.insert(step.group);
        return all.size();
    }

    const Plan& plan_;
    Parts& parts_;
    Failures failures_;
    Amounts counts_;
};

std::vector<std::string> names(const std::vector<Step>& steps) {
    std::vector<std::string> result;
    result.reserve(steps.size());
    for (const auto& step : steps) {
        result.push_back(step.group.empty() ? step.name : step.group + " " + step.name);
    }
    return result;
}

nlohmann::json summary(const Plan& plan, const Amounts& counts, bool dry_run) {
    nlohmann::json data;
    data["outcome"] = dry_run ? "planned" : plan.steps.empty() ? "nothing to do" : "done";
    data["plan_hash"] = plan.hash();
    data["steps"] = plan.steps.size();
    for (const auto& amount : counts) data["counts"][amount.what] = amount.number;
    return data;
}

// What went wrong is told even where the journal cannot be written any more: the next run marks the record.
void finish_failed(Parts& parts, Outcome outcome, const Amounts& counts, const std::exception& error) {
    try {
        parts.journal.finish(outcome, counts, error.what());
    } catch (const std::exception& failure) {
        parts.reporter.log(Level::warn, fmt::format("The journal could not be written: {}", failure.what()));
    }
}

void execute(Operation& operation, const Plan& plan, const Identity& identity, Parts& parts) {
    parts.journal.begin(identity, plan.hash(), names(plan.steps));
    Run run(plan, parts);
    try {
        run.steps();
        operation.verify();
    } catch (const InterruptedError& error) {
        finish_failed(parts, Outcome::interrupted, run.counts(), error);
        throw;
    } catch (const PartlyFailedError& error) {
        finish_failed(parts, Outcome::partly_failed, run.counts(), error);
        throw;
    } catch (const UnreachableError&) {
        throw;  // the journal is out of reach too; the next run finds the record and marks it
    } catch (const std::exception& error) {
        finish_failed(parts, Outcome::failed, run.counts(), error);
        throw;
    }
    parts.journal.finish(Outcome::done, run.counts(), "");
    auto data = summary(plan, run.counts(), false);
    data.update(operation.result_data());
    parts.reporter.result(operation.result_text(), data);
}

}  // namespace

void run(Operation& operation, const RunOptions& options, const Identity& identity, Parts parts) {
    if (!options.dry_run) parts.lock.acquire(options.wait);
    const Plan plan = operation.plan();
    parts.reporter.plan(plan, options.dry_run);
    require_agreement(plan, options, parts.confirmer);
    if (options.dry_run) return;
    if (plan.steps.empty()) {
        auto data = summary(plan, {}, false);
        data.update(operation.result_data());
        parts.reporter.result(operation.result_text(), data);
        return;
    }
    execute(operation, plan, identity, parts);
}

}  // namespace tti::operation
