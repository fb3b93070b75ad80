#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/relay_reporter.hpp"
#include "ecs/console_links.hpp"
#include "ecs/forms.hpp"
#include "ecs/run_as_task.hpp"
#include "ecs/task.hpp"
#include "http/client.hpp"
#include "util/random.hpp"

namespace tti::ecs {
namespace {

using operation::Level;

constexpr auto program = "tti-lw-stack";

// Of this run alone: two people who start the same command start two tasks, of which the databases' run lock
// lets one work.
std::string new_token() {
    constexpr std::size_t bytes = 16;
    std::string token;
    for (const auto byte : util::random_bytes(bytes)) token += fmt::format("{:02x}", byte);
    return token;
}

std::optional<LogPlace> find_log(Deployment& deployment, const std::string& definition, Watcher& watcher) {
    try {
        auto place = log_place(aws::describe_task_definition(deployment.ecs(), definition),
                               deployment.session().region());
        if (!place) {
            watcher.reporter.log(
                Level::warn,
                fmt::format(
                    "Container {} of {} writes no log to CloudWatch that can be followed, so nothing is "
                    "shown of what the command tells",
                    container_name, definition));
        }
        return place;
    } catch (const aws::ServiceError& error) {
        if (!aws::is_forbidden(error.problem())) throw;
        watcher.reporter.log(Level::warn,
                             fmt::format("The log is not known and cannot be shown: {}", error.what()));
        return std::nullopt;
    }
}

// Sets the task's ARN.
void run_task(Deployment& deployment, const aws::TaskRequest& request, Watcher& watcher, StartedTask& task) {
    try {
        task.arn = aws::run_task(deployment.ecs(), request).arn;
    } catch (const InterruptedError&) {
        // Whether it was started is known only by asking again; the same token starts no second one.
        watcher.interrupts.take();
        task.end_was_asked_for = true;
        task.arn = aws::run_task(deployment.ecs(), request).arn;
    }
}

void run_task_or_say_why(Deployment& deployment, const aws::TaskRequest& request, Watcher& watcher,
                         StartedTask& task) {
    try {
        run_task(deployment, request, watcher, task);
    } catch (const http::TransferError& error) {
        throw UnreachableError(
            fmt::format("whether a task was started is not known: {}", error.what()),
            fmt::format("tti-lw-stack ecs tasks {} shows those that run.", deployment.flag()));
    } catch (const Error& error) {
        if (error.code() == ExitCode::interrupted || error.code() == ExitCode::unreachable) throw;
        throw refusal_to_start(error);
    }
}

void tell_where(Deployment& deployment, const StartedTask& task, Watcher& watcher) {
    const auto& region = deployment.session().region();
    const auto link = task_link(region, deployment.where().cluster, task.id());
    watcher.reporter.log(Level::info, fmt::format("Task {} is started: {}", task.id(), link),
                         {{"task", task.arn}});
    if (!task.log) return;
    const auto stream = task.log->stream(task.id());
    watcher.reporter.log(Level::info, "Its log: " + log_link(task.log->region, task.log->group, stream));
}

}  // namespace

StartedTask start_task(Deployment& deployment, std::span<const std::string> command, Watcher& watcher,
                       const std::string& started_by) {
    const auto& where = deployment.where();
    StartedTask task{.log = find_log(deployment, where.task_definition, watcher)};
    Words words{program};
    words.insert(words.end(), command.begin(), command.end());
    auto request = task_request(where, words, new_token(), started_by);
    request.environment[cli::relay_variable] = "1";
    run_task_or_say_why(deployment, request, watcher, task);
    tell_where(deployment, task, watcher);
    return task;
}

std::string id_of_task(const std::string& task) {
    auto id = task.substr(task.rfind('/') + 1);
    const bool is_one = !id.empty() && id.find_first_not_of("0123456789abcdef-") == std::string::npos;
    if (!is_one) {
        throw UsageError(fmt::format("{:?} is no task", task),
                         "Give its ID or ARN, as tti-lw-stack ecs tasks shows them.");
    }
    return id;
}

StartedTask find_task(Deployment& deployment, const std::string& task, Watcher& watcher) {
    const auto id = id_of_task(task);
    const auto known = aws::describe_task(deployment.ecs(), deployment.where().cluster, id);
    if (!known) {
        watcher.reporter.log(
            Level::warn, fmt::format("ECS does not know task {} (any more: it forgets one an hour after its "
                                     "end); what its log has is shown",
                                     id));
    }
    const auto& definition = known ? known->task_definition_arn : deployment.where().task_definition;
    return {.arn = known ? known->arn : id, .log = find_log(deployment, definition, watcher)};
}

std::string attach_command(const Deployment& deployment, const std::string& task_id) {
    return fmt::format("tti-lw-stack ecs attach {} {}", task_id, deployment.flag());
}

}  // namespace tti::ecs
