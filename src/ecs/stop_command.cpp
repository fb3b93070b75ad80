#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/aws_of_run.hpp"
#include "ecs/commands.hpp"
#include "ecs/forms.hpp"
#include "ecs/run_as_task.hpp"
#include "ecs/shown_command.hpp"
#include "ecs/stop_task.hpp"
#include "operation/journal.hpp"

namespace tti::ecs {
namespace {

constexpr auto task_argument = "task";
constexpr auto reason_option = "reason";
constexpr auto yes_option = "yes";

// StopTask would end a server of the stack as willingly.
void require_operations_task(const aws::Task& task) {
    const auto is_ours = [](const aws::TaskContainer& container) { return container.name == container_name; };
    if (std::ranges::any_of(task.containers, is_ours)) return;
    throw RefusedError(
        fmt::format("task {} has no container {}, so it is no operations task", task.id(), container_name),
        "Stop others in the AWS Console, or by their service.");
}

void require_agreement(cli::Context& context, const aws::Task& task) {
    if (context.values.boolean(yes_option)) return;
    const auto what = fmt::format("task {} (\"{}\"{}) will be stopped, at its next safe point", task.id(),
                                  shown_command(context.program, task.command),
                                  task.started_by.empty() ? "" : ", started by " + task.started_by);
    if (!context.prompt.can_ask()) throw RefusedError(what, "Add --yes to agree.");
    if (!context.prompt.ask(what + ". Go on?")) {
        throw RefusedError("not confirmed, the task goes on", "Answer yes, or add --yes.");
    }
}

std::string reason_of(const cli::Context& context) {
    if (context.values.given(reason_option)) return context.values.text(reason_option);
    const auto identity = operation::current_identity("");
    return fmt::format("tti-lw-stack ecs stop, by {}@{}", identity.user, identity.host);
}

std::string in_words(const std::string& id, const Stopped& stopped) {
    const auto& [ending, place] = stopped;
    const auto where = place.empty() ? "" : " " + place;
    if (ending.error) {
        const auto where_it_was = place.empty() ? "" : fmt::format(" It was {}.", place);
        return fmt::format("{}.{} {}\n", ending.error->what(), where_it_was, ending.error->hint());
    }
    if (ending.code == ExitCode::interrupted) {
        return fmt::format(
            "Task {} has ended at a safe point{}. The same command continues where it stopped.\n", id, where);
    }
    if (ending.code == ExitCode::done)
        return fmt::format("Task {} was done before it could be stopped.\n", id);
    return fmt::format("Task {} has ended{}, with exit code {} ({}).\n", id, where,
                       static_cast<int>(ending.code), name_of(ending.code));
}

void tell(const cli::Context& context, const aws::Task& task, const Stopped& stopped, bool was_over) {
    const auto text = in_words(task.id(), stopped);
    context.reporter.result(was_over ? fmt::format("Task {} is over already.\n{}", task.id(), text) : text,
                            {{"task", task.arn},
                             {"was_over", was_over},
                             {"exit_code", static_cast<int>(stopped.ending.code)},
                             {"code", name_of(stopped.ending.code)},
                             {"reason", stopped.ending.error ? stopped.ending.error->what() : ""},
                             {"place", stopped.last_place}});
}

ExitCode run_stop(cli::Context& context) {
    const auto id = id_of_task(context.values.text(task_argument));
    cli::AwsOfRun aws(context);
    auto deployment = find_deployment(aws.session(), context.values);
    StopTask stop(deployment, id, context.reporter, aws.clock(), context.stop);
    const auto task = stop.look();
    require_operations_task(task);
    if (is_over(task)) {
        tell(context, task, {ending_of(task, std::nullopt), ""}, true);
        return ExitCode::done;
    }
    require_agreement(context, task);
    tell(context, task, stop(reason_of(context)), false);
    return ExitCode::done;
}

std::vector<settings::Option> stop_options() {
    auto options = deployment_options();
    options.push_back({.name = reason_option,
                       .description = "what is shown in the task afterwards; who stopped it, when left out",
                       .value_name = "TEXT"});
    options.push_back(
        {.name = yes_option, .type = settings::Type::boolean, .description = "stop it without being asked"});
    return options;
}

}  // namespace

cli::Command stop_command() {
    return {
        .name = "stop",
        .summary = "Stop an operations task at its next safe point, and wait until it has ended",
        .description =
            "The task gets SIGTERM, upon which a command ends at its next safe point; the same command "
            "continues there later. What has not ended when the stop time-out of the container is over is "
            "killed, and continues just as well.\n\n"
            "Tells how the task ended, and where it was. Other tasks than those with container ttes are "
            "refused.",
        .arguments = {{.name = task_argument,
                       .description = "ID or ARN of the task",
                       .value_name = "TASK",
                       .required = true}},
        .options = stop_options(),
        .examples = {{"ecs stop 0123456789abcdef0123456789abcdef --ecs ttich-prod-eu1",
                      "end a migration that takes too long for tonight"}},
        .run = run_stop,
    };
}

}  // namespace tti::ecs
