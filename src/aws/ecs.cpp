#include "aws/ecs.hpp"

#include <set>
#include <span>

#include <fmt/format.h>

#include "aws/json_protocol.hpp"

namespace tti::aws {
namespace {

using nlohmann::json;
using Texts = std::vector<std::string>;

std::string target(const char* operation) {
    return std::string("AmazonEC2ContainerServiceV20141113.") + operation;
}

// Seconds since 1970, with a fraction.
std::optional<Time> time_in(const json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_number()) return std::nullopt;
    const std::chrono::duration<double> since{found->get<double>()};
    return Time(std::chrono::duration_cast<Time::duration>(since));
}

TaskContainer container_in(const json& object) {
    TaskContainer container{.name = text_in(object, "name"),
                            .status = text_in(object, "lastStatus"),
                            .reason = text_in(object, "reason")};
    const auto code = object.find("exitCode");
    if (code != object.end() && code->is_number()) container.exit_code = code->get<int>();
    return container;
}

Task task_in(const json& object) {
    Task task{.arn = text_in(object, "taskArn"),
              .cluster_arn = text_in(object, "clusterArn"),
              .task_definition_arn = text_in(object, "taskDefinitionArn"),
              .last_status = text_in(object, "lastStatus"),
              .desired_status = text_in(object, "desiredStatus"),
              .stop_code = text_in(object, "stopCode"),
              .stopped_reason = text_in(object, "stoppedReason"),
              .started_by = text_in(object, "startedBy"),
              .created_at = time_in(object, "createdAt"),
              .started_at = time_in(object, "startedAt"),
              .stopped_at = time_in(object, "stoppedAt")};
    for (const auto& container : list_in(object, "containers")) {
        task.containers.push_back(container_in(container));
    }
    const auto overrides = object.find("overrides");
    if (overrides == object.end()) return task;
    for (const auto& container : list_in(*overrides, "containerOverrides")) {
        if (task.command.empty()) task.command = texts_in(container, "command");
    }
    return task;
}

json override_of(const TaskRequest& request) {
    json container{{"name", request.container}, {"command", request.command}};
    for (const auto& [name, value] : request.environment) {
        container["environment"].push_back({{"name", name}, {"value", value}});
    }
    return container;
}

json body_of(const TaskRequest& request) {
    json body{{"cluster", request.cluster},
              {"taskDefinition", request.task_definition},
              {"launchType", "FARGATE"},
              {"count", 1},
              {"clientToken", request.client_token},
              {"networkConfiguration",
               {{"awsvpcConfiguration",
                 {{"subnets", request.subnets},
                  {"securityGroups", request.security_groups},
                  {"assignPublicIp", request.public_address ? "ENABLED" : "DISABLED"}}}}},
              {"overrides", {{"containerOverrides", json::array({override_of(request)})}}}};
    if (!request.started_by.empty()) body["startedBy"] = request.started_by;
    return body;
}

std::string failures_in(const json& answer) {
    std::string text;
    for (const auto& failure : list_in(answer, "failures")) {
        const auto detail = text_in(failure, "detail");
        text += fmt::format("{}{}{}", text.empty() ? "" : "; ", text_in(failure, "reason"),
                            detail.empty() ? "" : " (" + detail + ")");
    }
    return text;
}

// Names of those whose files outlive a task. Any other is a part of its own disk.
std::set<std::string> lasting_volumes(const json& definition) {
    std::set<std::string> names;
    for (const auto& volume : list_in(definition, "volumes")) {
        const bool lasts = volume.contains("efsVolumeConfiguration") ||
                           volume.contains("fsxWindowsFileServerVolumeConfiguration");
        if (lasts) names.insert(text_in(volume, "name"));
    }
    return names;
}

ContainerDefinition container_definition_in(const json& object, const std::set<std::string>& lasting) {
    ContainerDefinition container{.name = text_in(object, "name"), .image = text_in(object, "image")};
    if (const auto found = object.find("logConfiguration"); found != object.end() && found->is_object()) {
        container.log_driver = text_in(*found, "logDriver");
        const auto options = found->find("options");
        if (options != found->end())
            container.log_options = options->get<std::map<std::string, std::string>>();
    }
    for (const auto& secret : list_in(object, "secrets")) {
        container.secrets.push_back(text_in(secret, "valueFrom"));
    }
    for (const auto& mount : list_in(object, "mountPoints")) {
        if (lasting.contains(text_in(mount, "sourceVolume")))
            container.lasting.push_back(text_in(mount, "containerPath"));
    }
    if (object.contains("stopTimeout"))
        container.stop_timeout = static_cast<int>(integer_in(object, "stopTimeout"));
    return container;
}

}  // namespace

Task run_task(Service& ecs, const TaskRequest& request) {
    const auto answer = json_call(ecs, target("RunTask"), body_of(request));
    const auto& tasks = list_in(answer, "tasks");
    if (!tasks.empty()) return task_in(tasks.front());
    const auto why = failures_in(answer);
    throw Error(
        ExitCode::never_started,
        fmt::format("AWS ecs RunTask: no task was started: {}", why.empty() ? "no reason given" : why),
        "See what the cluster has to offer, and run the same command again.");
}

std::optional<Task> describe_task(Service& ecs, const std::string& cluster, const std::string& task) {
    const auto tasks = describe_tasks(ecs, cluster, {task});
    return tasks.empty() ? std::nullopt : std::optional(tasks.front());
}

std::vector<Task> describe_tasks(Service& ecs, const std::string& cluster,
                                 const std::vector<std::string>& tasks) {
    constexpr std::size_t most_at_once = 100;
    std::vector<Task> all;
    for (std::size_t first = 0; first < tasks.size(); first += most_at_once) {
        const auto some = std::span(tasks).subspan(first, std::min(most_at_once, tasks.size() - first));
        const auto answer = json_call(ecs, target("DescribeTasks"),
                                      {{"cluster", cluster}, {"tasks", Texts(some.begin(), some.end())}});
        for (const auto& task : list_in(answer, "tasks")) all.push_back(task_in(task));
    }
    return all;
}

void stop_task(Service& ecs, const std::string& cluster, const std::string& task, const std::string& reason) {
    json_call(ecs, target("StopTask"), {{"cluster", cluster}, {"task", task}, {"reason", reason}});
}

std::vector<std::string> list_tasks(Service& ecs, const std::string& cluster, const std::string& family,
                                    const std::string& status) {
    json request{{"cluster", cluster}, {"desiredStatus", status}};
    if (!family.empty()) request["family"] = family;
    std::vector<std::string> arns;
    for (;;) {
        const auto answer = json_call(ecs, target("ListTasks"), request);
        for (auto& arn : texts_in(answer, "taskArns")) arns.push_back(std::move(arn));
        const auto next = text_in(answer, "nextToken");
        if (next.empty()) return arns;
        request["nextToken"] = next;
    }
}

TaskDefinition describe_task_definition(Service& ecs, const std::string& name) {
    const auto answer = json_call(ecs, target("DescribeTaskDefinition"), {{"taskDefinition", name}});
    const auto found = answer.find("taskDefinition");
    if (found == answer.end()) {
        throw Error(ExitCode::unexpected,
                    fmt::format("AWS ecs DescribeTaskDefinition: nothing of {} came", name));
    }
    TaskDefinition definition{.arn = text_in(*found, "taskDefinitionArn"),
                              .family = text_in(*found, "family"),
                              .revision = static_cast<int>(integer_in(*found, "revision")),
                              .status = text_in(*found, "status"),
                              .task_role_arn = text_in(*found, "taskRoleArn"),
                              .execution_role_arn = text_in(*found, "executionRoleArn"),
                              .compatibilities = texts_in(*found, "requiresCompatibilities")};
    const auto lasting = lasting_volumes(*found);
    for (const auto& container : list_in(*found, "containerDefinitions")) {
        definition.containers.push_back(container_definition_in(container, lasting));
    }
    return definition;
}

std::string cluster_status(Service& ecs, const std::string& cluster) {
    const auto answer = json_call(ecs, target("DescribeClusters"), {{"clusters", Texts{cluster}}});
    const auto& clusters = list_in(answer, "clusters");
    return clusters.empty() ? std::string() : text_in(clusters.front(), "status");
}

}  // namespace tti::aws
