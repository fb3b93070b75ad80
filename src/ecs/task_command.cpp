#include "ecs/task_command.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/aws_of_run.hpp"
#include "ecs/console_links.hpp"
#include "ecs/deployment.hpp"
#include "ecs/run_as_task.hpp"
#include "ecs/secrets_in_command.hpp"
#include "ecs/task_disk.hpp"
#include "settings/catalogue.hpp"
#include "util/text.hpp"

namespace tti::ecs {
namespace {

constexpr auto timeout_option = "timeout";
constexpr auto detach_option = "detach";
constexpr auto allow_secret_in_log = "allow-secret-in-log";

std::vector<settings::Option> joined(std::vector<settings::Option> options,
                                     const std::vector<settings::Option>& more) {
    options.insert(options.end(), more.begin(), more.end());
    return options;
}

bool is_only_here(const cli::Command& program, const cli::Path& path) {
    const auto* command = &program;
    for (const auto& name : std::span(path).subspan(1)) {
        command = cli::find_child(*command, name);
        if (command == nullptr || command->only_here) return true;
    }
    return false;
}

void require_no_secret_in_log(const cli::Context& context, const cli::ParsedLine& line,
                              const settings::Values& inputs) {
    const auto& tells_secret = line.command->tells_secret;
    if (!tells_secret || !tells_secret(inputs) || context.values.boolean(allow_secret_in_log)) return;
    throw RefusedError(
        fmt::format("\"{}\" prints a secret, and what a task prints stays in its log",
                    util::join(line.path, " ")),
        fmt::format("Run it where the database can be reached directly, or add --{}.", allow_secret_in_log));
}

void tell_detached(const Deployment& deployment, const StartedTask& task, operation::Reporter& reporter) {
    const auto attach = attach_command(deployment, task.id());
    nlohmann::json data{{"task", task.arn}, {"attach", attach}};
    if (task.log) {
        data["log"] = {{"group", task.log->group}, {"stream", task.log->stream(task.id())}};
    }
    reporter.result(fmt::format("Task {} runs.\nCome back with: {}\n", task.id(), attach), data);
}

}  // namespace

std::vector<settings::Option> task_options() {
    std::vector<settings::Option> options{
        {.name = timeout_option,
         .type = settings::Type::duration,
         .description = "how long the task on ECS may take; then it is stopped, at its next safe point"},
        {.name = detach_option,
         .type = settings::Type::boolean,
         .description = "end as soon as the task on ECS is started; ecs attach comes back to it"},
    };
    return joined(std::move(options), secret_options());
}

std::vector<settings::Option> secret_options() {
    return {allow_secret_option(),
            {.name = allow_secret_in_log,
             .type = settings::Type::boolean,
             .description = "run as a task what prints a secret, which stays in the log of the task"}};
}

cli::ParsedLine parse_command(const cli::Context& context, std::vector<std::string> words) {
    // Notes have it with the program in front; that of the open-source stack has the same commands.
    constexpr std::array<std::string_view, 2> programs{"tti-lw-stack", "ttn-lw-stack"};
    const bool has_program = !words.empty() && std::ranges::find(programs, words.front()) != programs.end();
    if (has_program) words.erase(words.begin());
    auto line = cli::parse(context.program, settings::catalogue(), words);
    if (!line.program_flags.empty()) {
        throw UsageError(fmt::format("--{} stands within the command, which the task gets",
                                     line.program_flags.front().name),
                         "Write it before the --.");
    }
    if (line.help || !line.command->run) {
        throw UsageError("what is behind -- is no whole command", "tti-lw-stack --help shows them.");
    }
    return line;
}

std::vector<settings::Option> program_options() {
    return joined(deployment_options(), task_options());
}

void require_fit_for_task(const cli::Context& context, const cli::ParsedLine& line,
                          const settings::Values& inputs) {
    if (!line.program_flags.empty() && !names_deployment(context.values)) {
        throw UsageError(
            fmt::format("--{} is about a task, and no deployment is named", line.program_flags.front().name),
            "Add --ecs STACK, or leave it out.");
    }
    if (is_only_here(context.program, line.path)) {
        throw UsageError(
            fmt::format("\"{}\" is about this machine, and cannot run as a task", util::join(line.path, " ")),
            "Leave --ecs out.");
    }
    if (!context.values.boolean(allow_secret_option().name)) require_no_secret(line, settings::catalogue());
    require_no_secret_in_log(context, line, inputs);
}

ExitCode run_elsewhere(cli::Context& context, const cli::ParsedLine& line, const settings::Values& inputs) {
    require_fit_for_task(context, line, inputs);
    const auto& values = context.values;
    const auto limit = task_limit(values);
    const bool detach = detaches(values);
    if (detach && limit) {
        throw UsageError(fmt::format("--{} and --{} exclude each other", detach_option, timeout_option),
                         "Nobody would be there to stop the task.");
    }
    Interrupts interrupts(context.stop);
    cli::AwsOfRun aws(context, interrupts);
    auto deployment = find_deployment(aws.session(), values);
    require_lasting_disk(deployment, *line.command, inputs, context.reporter);
    Watcher watcher{context.reporter, context.prompt, interrupts, aws.clock(), limit};
    if (!detach) return exit_code_of(run_as_task(deployment, line.words, watcher));
    tell_detached(deployment, start_task(deployment, line.words, watcher), context.reporter);
    return ExitCode::done;
}

std::optional<std::chrono::milliseconds> task_limit(const settings::Values& values) {
    if (!values.given(timeout_option)) return std::nullopt;
    const auto limit = std::chrono::floor<std::chrono::milliseconds>(values.duration(timeout_option));
    if (limit <= std::chrono::milliseconds(0)) {
        throw UsageError(fmt::format("--{} = {}: accepted: a duration above zero", timeout_option,
                                     values.display(timeout_option, false)));
    }
    return limit;
}

bool detaches(const settings::Values& values) {
    return values.boolean(detach_option);
}

ExitCode exit_code_of(const Ending& ending) {
    if (ending.error) throw Error(*ending.error);
    return ending.code;
}

}  // namespace tti::ecs
