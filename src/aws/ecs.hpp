#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/service.hpp"

namespace tti::aws {

struct TaskRequest {
    std::string cluster;
    std::string task_definition;  // family (its newest revision), "family:7" or an ARN
    std::vector<std::string> subnets;
    std::vector<std::string> security_groups;
    bool public_address = false;
    std::string container;                                // whose command is replaced
    std::vector<std::string> command;                     // its arguments, the program first
    std::map<std::string, std::string> environment = {};  // variables besides those of the definition
    // AWS starts one task for one token within a day, however often the request is sent: at most 64
    // characters.
    std::string client_token;
    std::string started_by = {};  // at most 36 characters
};

struct TaskContainer {
    std::string name;
    std::string status;
    std::string reason;            // why it did not start, or ended; may be empty
    std::optional<int> exit_code;  // none while it runs, and where it never did
};

struct Task {
    std::string arn;
    std::string cluster_arn;
    std::string task_definition_arn;
    std::string last_status;     // PROVISIONING … STOPPED
    std::string desired_status;  // "RUNNING", "STOPPED"
    std::string stop_code;       // "TaskFailedToStart", "EssentialContainerExited", "UserInitiated", …
    std::string stopped_reason;
    std::string started_by;
    std::optional<Time> created_at;
    std::optional<Time> started_at;
    std::optional<Time> stopped_at;
    std::vector<TaskContainer> containers;
    std::vector<std::string> command;  // of the override
    [[nodiscard]] std::string id() const { return arn.substr(arn.rfind('/') + 1); }
};

// Starts one task on Fargate. Throws Error where ECS could place none, with its reason.
Task run_task(Service& ecs, const TaskRequest& request);
// Nothing where ECS does not know the task (any more: it forgets a stopped one after about an hour).
std::optional<Task> describe_task(Service& ecs, const std::string& cluster, const std::string& task);
// All of them that ECS knows, in any number.
std::vector<Task> describe_tasks(Service& ecs, const std::string& cluster,
                                 const std::vector<std::string>& tasks);
// `reason` is shown in the task afterwards.
void stop_task(Service& ecs, const std::string& cluster, const std::string& task, const std::string& reason);
// ARNs; `status` is "RUNNING" or "STOPPED", `family` empty for any.
std::vector<std::string> list_tasks(Service& ecs, const std::string& cluster, const std::string& family,
                                    const std::string& status);

struct ContainerDefinition {
    std::string name;
    std::string image;
    std::map<std::string, std::string>
        log_options;  // "awslogs-group", "awslogs-region", "awslogs-stream-prefix"
    std::string log_driver;
    std::vector<std::string> secrets;  // what they come from: ARNs and names
    std::vector<std::string> lasting;  // its folders that outlive the task: on EFS or FSx
    int stop_timeout = 30;             // seconds; ECS's default
};

struct TaskDefinition {
    std::string arn;
    std::string family;
    int revision = 0;
    std::string status;  // "ACTIVE"
    std::string task_role_arn;
    std::string execution_role_arn;
    std::vector<std::string> compatibilities;  // "FARGATE"
    std::vector<ContainerDefinition> containers;
};
TaskDefinition describe_task_definition(Service& ecs, const std::string& name);

// "ACTIVE"; empty where there is no such cluster.
std::string cluster_status(Service& ecs, const std::string& cluster);

}  // namespace tti::aws
