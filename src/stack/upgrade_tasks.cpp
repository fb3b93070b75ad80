#include "stack/upgrade_tasks.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aws/s3.hpp"
#include "cli/command_line.hpp"
#include "ecs/task_series.hpp"
#include "operation/agreement.hpp"
#include "settings/value.hpp"
#include "stack/until.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::stack {
namespace {

using settings::Values;
using std::chrono::system_clock;

void require_fit(const Values& inputs) {
    for (const auto* option : {"from", "to"}) {
        if (!inputs.given(option)) continue;
        throw UsageError(fmt::format("--{} explains releases, and needs no deployment", option),
                         "Leave --ecs out.");
    }
    const auto& backup = inputs.text("backup");
    if (!backup.starts_with("s3://")) return;
    const auto folder = aws::parse_folder_address(backup);
    if (!folder) throw UsageError(fmt::format("option backup = {}: {}", backup, folder.error()));
}

// Each database that has a step, once, in the order of the plan.
std::vector<std::string> databases_of(const operation::Plan& plan) {
    std::vector<std::string> databases;
    for (const auto& step : plan.steps) {
        if (std::ranges::find(databases, step.database) == databases.end())
            databases.push_back(step.database);
    }
    return databases;
}

class Tasks {
  public:
    Tasks(cli::Context& context, const cli::ParsedLine& line, const Values& inputs)
        : context_(context),
          inputs_(inputs),
          until_(given_until(inputs)),
          tasks_(context, line, inputs, "upgrade") {}

    ExitCode operator()() {
        tasks_.finish_earlier();
        const auto plan = tasks_.plan(planning());
        const operation::RunOptions options{inputs_.boolean("dry-run"), inputs_.boolean("yes")};
        context_.reporter.plan(plan, options.dry_run);
        operation::require_agreement(plan, options, context_.prompt);
        if (options.dry_run) return ExitCode::done;
        left_ = databases_of(plan);
        agreed_ = !plan.confirmation.empty();
        if (!left_.empty()) run_all();
        tell(plan);
        return ExitCode::done;
    }

  private:
    [[nodiscard]] std::vector<std::string> planning() const {
        std::vector<std::string> words{"upgrade", "--dry-run"};
        for (const auto* option : {"only", "skip", "plan-hash"}) add_given(option, words);
        return words;
    }

    void add_given(const std::string& name, std::vector<std::string>& words) const {
        if (inputs_.given(name)) words.push_back(fmt::format("--{}={}", name, inputs_.display(name, false)));
    }

    void run_all() {
        const auto count = left_.size() + (inputs_.given("backup") ? 1 : 0);
        std::size_t number = 0;
        try {
            if (inputs_.given("backup")) {
                at_ = "backup";
                tasks_.run_part({"backup", inputs_.text("backup")}, at_, ++number, count);
                backed_up_ = true;
            }
            while (!left_.empty()) {
                throw_if_late();
                at_ = left_.front();
                texts_ += tasks_.run_part(words_for(at_), "upgrade of " + at_, ++number, count) + "\n";
                done_.push_back(at_);
                left_.erase(left_.begin());
            }
        } catch (const InterruptedError& error) {
            throw InterruptedError(fmt::format("{}; {}", error.what(), how_far()), hint(error));
        } catch (const Error& error) {
            throw Error(error.code(), fmt::format("{}: {}; {}", at_, error.what(), how_far()), hint(error));
        }
    }

    // What its own plan would remove beyond what this one showed is refused there, unless something was
    // agreed to.
    [[nodiscard]] std::vector<std::string> words_for(const std::string& database) const {
        std::vector<std::string> words{"upgrade", "--only=" + database};
        if (agreed_) words.emplace_back("--yes");
        add_given("wait", words);
        if (until_) {
            words.push_back("--until=" +
                            settings::format_time(std::chrono::floor<std::chrono::seconds>(*until_)));
        }
        return words;
    }

    void throw_if_late() const {
        if (until_ && system_clock::now() >= *until_)
            throw InterruptedError(fmt::format("stopped, for it is {}", format_until(*until_, *until_)));
    }

    [[nodiscard]] std::string how_far() const {
        const auto listed = [](const auto& names) {
            return names.empty() ? "nothing" : util::join(names, ", ");
        };
        return fmt::format("done: {}; not done: {}", listed(done_), listed(left_));
    }

    [[nodiscard]] std::string hint(const Error& error) const {
        std::vector<std::string> words{"tti-lw-stack", tasks_.deployment().flag(), "upgrade"};
        for (const auto& option : inputs_.options()) {
            if (inputs_.source(option.name).origin != settings::Origin::flag) continue;
            const bool is_once = option.name == "plan-hash" || (option.name == "backup" && backed_up_) ||
                                 option.name == "until";
            if (!is_once) words.push_back(cli::shown_flag(option, inputs_.display(option.name, false)));
        }
        return fmt::format("{}{}To continue: {}", error.hint(), error.hint().empty() ? "" : " ",
                           util::join(words, " "));
    }

    void tell(const operation::Plan& plan) {
        const auto text =
            done_.empty() ? std::string("nothing to do: nothing is due") : texts_ + "nothing is due any more";
        context_.reporter.result(text, {{"outcome", done_.empty() ? "nothing to do" : "done"},
                                        {"plan_hash", plan.hash()},
                                        {"databases", done_}});
    }

    cli::Context& context_;
    const Values& inputs_;
    std::optional<system_clock::time_point> until_;
    ecs::TaskSeries tasks_;
    std::vector<std::string> left_;
    std::vector<std::string> done_;
    std::string texts_;
    std::string at_;
    bool agreed_ = false;
    bool backed_up_ = false;
};

}  // namespace

ExitCode upgrade_by_tasks(cli::Context& context, const cli::ParsedLine& line, const Values& inputs) {
    require_fit(inputs);
    return Tasks(context, line, inputs)();
}

}  // namespace tti::stack
