#include "setup/setup_tasks.hpp"

#include <fmt/format.h>

#include "aws/secrets.hpp"
#include "ecs/task_series.hpp"
#include "operation/agreement.hpp"
#include "setup/deployment.hpp"
#include "setup/read_given.hpp"
#include "setup/rules.hpp"
#include "util/csv.hpp"
#include "util/error.hpp"
#include "util/secret.hpp"
#include "util/text.hpp"

namespace tti::setup {
namespace {

bool is_reference(std::string_view name) {
    return name.ends_with("secret-from") || name.ends_with("password-from");
}

void require_readable_there(const Texts& texts) {
    for (const auto& [name, text] : texts) {
        if (!is_reference(name) || aws::is_secret_reference(text.text)) continue;
        // A reference that is none may be the secret itself.
        const auto shown = check_reference(text.text) ? std::string_view(text.text) : Secret::mask;
        throw UsageError(fmt::format("{} ({}) = {}: a task cannot read it", name, text.where, shown),
                         "Keep it in Secrets Manager or in the Parameter Store, and write "
                         "secretsmanager:NAME#FIELD or ssm:NAME.");
    }
}

Given description(const cli::Context& context, const settings::Values& inputs) {
    for (const auto* option : {"print", "example"}) {
        if (!inputs.boolean(option)) continue;
        throw UsageError(fmt::format("--{} runs nothing, and needs no deployment", option),
                         "Leave --ecs out.");
    }
    auto given = read_given(context.surroundings, inputs);
    // Says all that is wrong at once; what is left is judged where the settings are.
    if (!given.problems.empty()) judge(given, inputs);
    require_readable_there(given.texts);
    for (const auto& [name, items] : given.lists) {
        for (const auto& item : items) require_readable_there(item.texts);
    }
    return given;
}

class Tasks {
  public:
    Tasks(cli::Context& context, const cli::ParsedLine& line, const settings::Values& inputs)
        : context_(context),
          inputs_(inputs),
          described_(as_flags(description(context, inputs))),
          tasks_(context, line, inputs, "setup") {
        for (const auto& id : inputs.list("replace-secret")) described_.push_back("--replace-secret=" + id);
    }

    ExitCode operator()() {
        tasks_.finish_earlier();
        const auto plan = tasks_.plan(words({"--dry-run"}));
        const operation::RunOptions options{inputs_.boolean("dry-run"), inputs_.boolean("yes")};
        context_.reporter.plan(plan, options.dry_run);
        operation::require_agreement(plan, options, context_.prompt);
        if (options.dry_run) return ExitCode::done;
        run_steps(plan);
        return tasks_.run_last(words({"--yes"}));
    }

  private:
    [[nodiscard]] std::vector<std::string> words(const std::vector<std::string>& more) const {
        std::vector<std::string> words{"setup"};
        words.insert(words.end(), described_.begin(), described_.end());
        words.insert(words.end(), more.begin(), more.end());
        if (inputs_.given("wait")) words.push_back("--wait=" + inputs_.display("wait", false));
        return words;
    }

    void run_steps(const operation::Plan& plan) {
        std::size_t done = 0;
        for (const auto& step : plan.steps) {
            try {
                tasks_.run_part(words({"--step=" + step.name, "--yes"}), step.name, done + 1,
                                plan.steps.size());
                ++done;
            } catch (const InterruptedError& error) {
                throw InterruptedError(fmt::format("{}; {}", error.what(), how_far(plan, done)), hint(error));
            } catch (const Error& error) {
                throw Error(error.code(), fmt::format("{}; {}", error.what(), how_far(plan, done)),
                            hint(error));
            }
        }
    }

    static std::string how_far(const operation::Plan& plan, std::size_t done) {
        return fmt::format("{} of {} steps are done, and {} is not", done, plan.steps.size(),
                           plan.steps.at(done).name);
    }

    [[nodiscard]] std::string hint(const Error& error) const {
        return fmt::format("{}{}The same command continues: {}", error.hint(),
                           error.hint().empty() ? "" : " ", context_.command_line);
    }

    cli::Context& context_;
    const settings::Values& inputs_;
    std::vector<std::string> described_;
    ecs::TaskSeries tasks_;
};

}  // namespace

std::vector<std::string> as_flags(const Given& given) {
    std::vector<std::string> flags;
    for (const auto& [name, text] : given.texts) flags.push_back(fmt::format("--{}={}", name, text.text));
    for (const auto& [name, items] : given.lists) {
        std::vector<std::string> parts;
        for (const auto& item : items) {
            // Each id begins another item.
            if (const auto id = item.texts.find("id"); id != item.texts.end())
                parts.push_back("id=" + id->second.text);
            for (const auto& [key, text] : item.texts) {
                if (key != "id") parts.push_back(fmt::format("{}={}", key, text.text));
            }
        }
        if (!parts.empty()) flags.push_back(fmt::format("--{}={}", name, util::format_csv(parts)));
    }
    return flags;
}

ExitCode set_up_by_tasks(cli::Context& context, const cli::ParsedLine& line, const settings::Values& inputs) {
    return Tasks(context, line, inputs)();
}

}  // namespace tti::setup
