#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/aws_of_run.hpp"
#include "cli/table.hpp"
#include "ecs/commands.hpp"
#include "ecs/deployment.hpp"
#include "ecs/ending.hpp"
#include "ecs/shown_command.hpp"
#include "settings/value.hpp"

namespace tti::ecs {
namespace {

using nlohmann::json;

std::string text_of(std::optional<aws::Time> time) {
    return time ? settings::format_time(std::chrono::floor<std::chrono::seconds>(*time)) : "";
}

// When it came into the state that it is in.
std::optional<aws::Time> since(const aws::Task& task) {
    if (task.stopped_at) return task.stopped_at;
    return task.started_at ? task.started_at : task.created_at;
}

std::string outcome(const aws::Task& task) {
    if (!is_over(task)) return task.desired_status == "STOPPED" ? "is asked to stop" : "";
    const auto ending = ending_of(task, std::nullopt);
    if (ending.error) return ending.error->what();
    return fmt::format("exit code {} ({})", static_cast<int>(ending.code), name_of(ending.code));
}

json to_json(const aws::Task& task, const std::string& command) {
    json data{{"task", task.id()},
              {"arn", task.arn},
              {"state", task.last_status},
              {"task_definition", task.task_definition_arn},
              {"command", command},
              {"started_by", task.started_by},
              {"created_at", text_of(task.created_at)},
              {"started_at", text_of(task.started_at)},
              {"stopped_at", text_of(task.stopped_at)},
              {"result", outcome(task)},
              {"exit_code", nullptr}};
    if (is_over(task)) data["exit_code"] = static_cast<int>(ending_of(task, std::nullopt).code);
    return data;
}

std::vector<aws::Task> find_tasks(Deployment& deployment) {
    const auto& where = deployment.where();
    std::vector<std::string> arns;
    for (const auto* status : {"RUNNING", "STOPPED"}) {
        for (auto& arn : aws::list_tasks(deployment.ecs(), where.cluster, where.family(), status)) {
            arns.push_back(std::move(arn));
        }
    }
    // A task that ends between the two questions is in both answers.
    std::ranges::sort(arns);
    arns.erase(std::unique(arns.begin(), arns.end()), arns.end());
    auto tasks = aws::describe_tasks(deployment.ecs(), where.cluster, arns);
    std::ranges::stable_sort(tasks, std::ranges::greater(), &aws::Task::created_at);
    return tasks;
}

ExitCode run_tasks(cli::Context& context) {
    cli::AwsOfRun aws(context);
    auto deployment = find_deployment(aws.session(), context.values);
    cli::Table table({"task", "state", "since", "who", "command", "result"});
    json data{{"tasks", json::array()}};
    for (const auto& task : find_tasks(deployment)) {
        const auto command = shown_command(context.program, task.command);
        table.add(
            {task.id(), task.last_status, text_of(since(task)), task.started_by, command, outcome(task)});
        data["tasks"].push_back(to_json(task, command));
    }
    context.reporter.result(
        table.empty() ? std::string("no task runs, and none has ended within the last hour\n") : table.text(),
        data);
    return ExitCode::done;
}

}  // namespace

cli::Command tasks_command() {
    return {
        .name = "tasks",
        .summary = "List the operations tasks of a deployment that run, or have ended lately",
        .description =
            "The newest first: what each runs, who started it, since when it is in its state, and how it "
            "ended. "
            "Secrets that somebody left in an override are not shown. ECS forgets a task about an hour after "
            "its "
            "end; what was run earlier is told by history.",
        .options = deployment_options(),
        .examples = {{"ecs tasks --ecs ttich-prod-eu1", "what runs there?"}},
        .run = run_tasks,
    };
}

}  // namespace tti::ecs
