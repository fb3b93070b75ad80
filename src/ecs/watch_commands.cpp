#include <fmt/format.h>

#include "cli/aws_of_run.hpp"
#include "ecs/commands.hpp"
#include "ecs/deployment.hpp"
#include "ecs/run_as_task.hpp"
#include "ecs/task_command.hpp"

namespace tti::ecs {
namespace {

constexpr auto task_argument = "task";
constexpr auto follow_option = "follow";

std::vector<settings::Option> task_arguments() {
    return {{.name = task_argument,
             .description = "ID or ARN of the task",
             .value_name = "TASK",
             .required = true}};
}

// Calls `look` with a deployment and a watcher of this run.
template <typename Look>
ExitCode with_deployment(cli::Context& context, OnInterrupt on_interrupt, const Look& look) {
    Interrupts interrupts(context.stop);
    cli::AwsOfRun aws(context, interrupts);
    auto deployment = find_deployment(aws.session(), context.values);
    Watcher watcher{.reporter = context.reporter,
                    .confirmer = context.prompt,
                    .interrupts = interrupts,
                    .clock = aws.clock(),
                    .on_interrupt = on_interrupt};
    return look(deployment, watcher);
}

ExitCode attach(cli::Context& context) {
    return with_deployment(context, OnInterrupt::ask_or_leave, [&](Deployment& deployment, Watcher& watcher) {
        const auto task = find_task(deployment, context.values.text(task_argument), watcher);
        return exit_code_of(watch_task(deployment, task, watcher));
    });
}

ExitCode show_log(Deployment& deployment, const StartedTask& task, operation::Reporter& reporter) {
    if (!task.log)
        throw Error(ExitCode::unexpected, fmt::format("where task {} logs is not known", task.id()));
    TaskLog log(deployment.session().service("logs", task.log->region), *task.log, task.id(), reporter);
    while (!log.at_end()) log.read();
    log.show_rest();
    if (!log.has_stream()) {
        throw Error(ExitCode::unexpected,
                    fmt::format("task {} has no log (yet): group {} has no stream {}", task.id(),
                                task.log->group, task.log->stream(task.id())),
                    "A task that never started has none; tti-lw-stack ecs tasks shows how tasks ended.");
    }
    return ExitCode::done;
}

ExitCode logs(cli::Context& context) {
    return with_deployment(context, OnInterrupt::leave, [&](Deployment& deployment, Watcher& watcher) {
        const auto task = find_task(deployment, context.values.text(task_argument), watcher);
        if (!context.values.boolean(follow_option)) return show_log(deployment, task, context.reporter);
        watch_task(deployment, task, watcher);
        return ExitCode::done;
    });
}

}  // namespace

cli::Command attach_command() {
    return {
        .name = "attach",
        .summary = "Come back to a task: show what it tells, from its beginning to its end",
        .description =
            "As if the command had been run here all the time, the exit code being the command's own. ECS "
            "forgets "
            "a task an hour after its end; its log is there for longer, and is shown.\n\n"
            "Ctrl-C asks whether to stop the task or to leave it running; without a terminal it goes on.",
        .arguments = task_arguments(),
        .options = deployment_options(),
        .examples = {{"ecs attach 0123456789abcdef0123456789abcdef --ecs ttich-prod-eu1",
                      "come back to a task from another machine"}},
        .run = attach,
    };
}

cli::Command logs_command() {
    auto options = deployment_options();
    options.push_back({.name = follow_option,
                       .type = settings::Type::boolean,
                       .description = "go on until the task has ended"});
    return {
        .name = "logs",
        .summary = "Show the log of a task",
        .description =
            "Lines of this program are shown as if it ran here, all others as they are. The exit code is "
            "about the log alone.",
        .arguments = task_arguments(),
        .options = std::move(options),
        .examples = {{"ecs logs 0123456789abcdef0123456789abcdef --ecs ttich-prod-eu1",
                      "see what a task has told"}},
        .run = logs,
    };
}

}  // namespace tti::ecs
