#include "ecs/task_series.hpp"

#include <fmt/format.h>

#include "ecs/part_reporter.hpp"
#include "ecs/task_command.hpp"
#include "ecs/task_disk.hpp"

namespace tti::ecs {
namespace {

using operation::Level;

void require_done(ExitCode code, const PartReporter& told) {
    if (told.told_error()) throw Error(*told.told_error());
    if (code != ExitCode::done) throw Error(code, fmt::format("the task ended with {}", name_of(code)));
}

}  // namespace

TaskSeries::TaskSeries(cli::Context& context, const cli::ParsedLine& line, const settings::Values& inputs,
                       const std::string& name)
    : context_(context),
      mark_("tti-lw-stack " + name),
      interrupts_(context.stop),
      aws_(context, interrupts_),
      deployment_(
          (require_fit_for_task(context, line, inputs), find_deployment(aws_.session(), context.values))),
      limit_(task_limit(context.values)) {
    if (detaches(context.values)) {
        throw UsageError(
            fmt::format("--detach does not fit {}, of which each step is a task of its own", name),
            "Leave it out; what was begun goes on when you leave, and the same command continues.");
    }
    require_lasting_disk(deployment_, *line.command, inputs, context.reporter);
}

Watcher TaskSeries::watcher(operation::Reporter& reporter) {
    return {reporter, context_.prompt, interrupts_, aws_.clock(), limit_};
}

std::optional<std::string> TaskSeries::running_task() {
    const auto& where = deployment_.where();
    for (const auto& arn : aws::list_tasks(deployment_.ecs(), where.cluster, where.family(), "RUNNING")) {
        const auto task = aws::describe_task(deployment_.ecs(), where.cluster, arn);
        if (task && task->started_by == mark_ && !is_over(*task)) return arn;
    }
    return std::nullopt;
}

void TaskSeries::finish_earlier() {
    while (const auto arn = running_task()) {
        PartReporter reporter(context_.reporter, "what was begun earlier", 1, 1);
        auto watcher = this->watcher(reporter);
        const auto task = find_task(deployment_, *arn, watcher);
        context_.reporter.log(Level::info,
                              fmt::format("Task {} of an earlier run goes on, and is waited for", task.id()));
        const auto ending = watch_task(deployment_, task, watcher);
        if (ending.code != ExitCode::done) {
            context_.reporter.log(Level::warn,
                                  fmt::format("Task {} ended with {}", task.id(), name_of(ending.code)));
        }
    }
}

ExitCode TaskSeries::run(const std::vector<std::string>& command, operation::Reporter& reporter) {
    auto watcher = this->watcher(reporter);
    const auto task = start_task(deployment_, command, watcher, mark_);
    return exit_code_of(watch_task(deployment_, task, watcher));
}

operation::Plan TaskSeries::plan(const std::vector<std::string>& command) {
    PartReporter reporter(context_.reporter, "plan", 1, 1);
    require_done(run(command, reporter), reporter);
    if (!reporter.told_plan()) {
        throw Error(ExitCode::unexpected, "the task told no plan that this program can read",
                    "Its image may hold another release; tti-lw-stack ecs verify shows which.");
    }
    return *reporter.told_plan();
}

std::string TaskSeries::run_part(const std::vector<std::string>& command, const std::string& name,
                                 std::size_t number, std::size_t of) {
    PartReporter reporter(context_.reporter, name, number, of);
    context_.reporter.log(Level::info, fmt::format("{} of {}: {}", number, of, name));
    require_done(run(command, reporter), reporter);
    return reporter.text();
}

ExitCode TaskSeries::run_last(const std::vector<std::string>& command) {
    return run(command, context_.reporter);
}

}  // namespace tti::ecs
