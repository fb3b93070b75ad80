#include "ecs/permissions.hpp"

#include <fmt/format.h>

#include "ecs/judge.hpp"
#include "ecs/principal.hpp"
#include "util/text.hpp"

namespace tti::ecs {
namespace {

// "…:secret:NAME:KEY:STAGE:VERSION" is of secret "…:secret:NAME".
std::string without_key(const std::string& value_from) {
    constexpr std::size_t parts_of_secret = 7;
    auto parts = util::split(value_from, ':');
    if (parts.size() > parts_of_secret) parts.resize(parts_of_secret);
    return util::join(parts, ":");
}

// ARNs in the account and region of the task definition.
class Arns {
  public:
    explicit Arns(const Things& things)
        : here_(parse_arn(things.definition.arn).value_or(Arn{})),
          cluster_(things.where.cluster.substr(things.where.cluster.rfind('/') + 1)) {}

    [[nodiscard]] std::string of(const std::string& service, const std::string& resource) const {
        return fmt::format("arn:{}:{}:{}:{}:{}", here_.partition, service, here_.region, here_.account,
                           resource);
    }
    [[nodiscard]] std::string cluster() const { return of("ecs", "cluster/" + cluster_); }
    [[nodiscard]] std::string tasks() const { return of("ecs", "task/" + cluster_ + "/*"); }
    // A task definition may name a role without its ARN.
    [[nodiscard]] std::string role(const std::string& role) const {
        if (role.starts_with("arn:")) return role;
        return fmt::format("arn:{}:iam::{}:role/{}", here_.partition, here_.account, role);
    }
    [[nodiscard]] std::string parameter(const std::string& name) const {
        if (name.starts_with("arn:")) return name;
        return of("ssm", "parameter" + std::string(name.starts_with('/') ? "" : "/") + name);
    }

  private:
    Arn here_;
    std::string cluster_;
};

// None where the task does not log to CloudWatch Logs.
std::vector<std::string> log_streams(const Things& things) {
    const auto* container = operations_container(things.definition);
    if (container == nullptr) return {};
    const auto group = container->log_options.find("awslogs-group");
    if (group == container->log_options.end()) return {};
    return {Arns(things).of("logs", fmt::format("log-group:{}:log-stream:*", group->second))};
}

std::vector<std::string> roles(const Things& things) {
    std::vector<std::string> roles;
    for (const auto& role : {things.definition.execution_role_arn, things.definition.task_role_arn}) {
        if (!role.empty()) roles.push_back(Arns(things).role(role));
    }
    return roles;
}

}  // namespace

Sources sources_of(const aws::TaskDefinition& definition) {
    Sources sources;
    const auto* container = operations_container(definition);
    if (container == nullptr) return sources;
    for (const auto& from : container->secrets) {
        const auto arn = parse_arn(from);
        if (arn && arn->service == "secretsmanager") {
            sources.secrets.push_back(without_key(from));
        } else {
            sources.parameters.push_back(from);
        }
    }
    return sources;
}

std::vector<aws::Simulation> needed_by_operator(const Things& things) {
    const Arns arns(things);
    const std::map<std::string, std::string> in_cluster{{"ecs:cluster", arns.cluster()}};
    std::vector<aws::Simulation> needed{
        {.actions = {"ecs:RunTask"}, .resources = {things.definition.arn}, .context = in_cluster},
        {.actions = {"ecs:DescribeTasks", "ecs:StopTask"},
         .resources = {arns.tasks()},
         .context = in_cluster},
        {.actions = {"ecs:ListTasks", "ecs:DescribeTaskDefinition"}, .context = in_cluster}};
    if (const auto passed = roles(things); !passed.empty()) {
        needed.push_back({.actions = {"iam:PassRole"},
                          .resources = passed,
                          .context = {{"iam:PassedToService", "ecs-tasks.amazonaws.com"}}});
    }
    if (const auto streams = log_streams(things); !streams.empty()) {
        needed.push_back({.actions = {"logs:GetLogEvents"}, .resources = streams});
    }
    if (!things.stack.empty()) {
        needed.push_back({.actions = {"cloudformation:DescribeStacks"},
                          .resources = {arns.of("cloudformation", "stack/" + things.stack + "/*")}});
    }
    return needed;
}

std::vector<aws::Simulation> needed_by_execution_role(const Things& things) {
    const Arns arns(things);
    const auto sources = sources_of(things.definition);
    std::vector<aws::Simulation> needed;
    if (!sources.secrets.empty()) {
        needed.push_back({.actions = {"secretsmanager:GetSecretValue"}, .resources = sources.secrets});
    }
    if (!sources.parameters.empty()) {
        std::vector<std::string> parameters;
        for (const auto& name : sources.parameters) parameters.push_back(arns.parameter(name));
        needed.push_back({.actions = {"ssm:GetParameters"}, .resources = parameters});
    }
    if (const auto streams = log_streams(things); !streams.empty()) {
        needed.push_back({.actions = {"logs:CreateLogStream", "logs:PutLogEvents"}, .resources = streams});
    }
    return needed;
}

}  // namespace tti::ecs
