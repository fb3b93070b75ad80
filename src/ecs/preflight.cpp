#include "ecs/preflight.hpp"

#include <fmt/format.h>

#include "aws/cloudformation.hpp"
#include "aws/logs.hpp"
#include "ecs/access.hpp"
#include "ecs/judge.hpp"
#include "ecs/looks.hpp"

namespace tti::ecs {
namespace {

Check look_at_stack(Deployment& deployment) {
    auto cloudformation = deployment.session().service("cloudformation");
    const auto stack = aws::describe_stack(cloudformation, deployment.stack());
    if (stack) return judge_stack(*stack);
    return {.topic = "stack",
            .verdict = Verdict::problem,
            .evidence = fmt::format("{} is gone", deployment.stack()),
            .hint = "It was there a moment ago: somebody deletes it."};
}

Check look_at_log(Deployment& deployment, const aws::ContainerDefinition& container) {
    constexpr auto topic = "log group";
    constexpr auto driver = "awslogs";
    if (container.log_driver != driver) {
        return {.topic = topic,
                .verdict = Verdict::warning,
                .evidence = fmt::format("its log driver is {}",
                                        container.log_driver.empty() ? "none" : container.log_driver),
                .hint = "Only a log in CloudWatch Logs (awslogs) can be shown while the task runs."};
    }
    const auto option = [&container](const std::string& name) {
        const auto found = container.log_options.find(name);
        return found == container.log_options.end() ? std::string() : found->second;
    };
    const auto name = option("awslogs-group");
    const auto group = aws::describe_log_group(deployment.logs(), name);
    if (group) {
        return {.topic = topic,
                .evidence = group->retention_days
                                ? fmt::format("{} keeps lines for {} days", name, *group->retention_days)
                                : fmt::format("{} keeps lines for ever", name)};
    }
    if (option("awslogs-create-group") == "true") {
        return {.topic = topic, .evidence = fmt::format("{} is made with the first task", name)};
    }
    return {.topic = topic,
            .verdict = Verdict::problem,
            .evidence = fmt::format("there is no log group {}", name),
            .hint = "Without it no task starts; update the stack made from template 5-2-ecs-ops."};
}

class Preflight {
  public:
    explicit Preflight(Deployment& deployment) : deployment_(deployment) {}

    Checks operator()() {
        if (!deployment_.stack().empty()) looks_.look("stack", [this] { return look_at_stack(deployment_); });
        looks_.look("cluster", [this] {
            const auto& name = deployment_.where().cluster;
            return judge_cluster(name, aws::cluster_status(deployment_.ecs(), name));
        });
        definition();
        network();
        if (definition_) look_at_access(deployment_, *definition_, looks_);
        return looks_.take();
    }

  private:
    void definition() {
        looks_.look("task definition", [this] {
            definition_ =
                aws::describe_task_definition(deployment_.ecs(), deployment_.where().task_definition);
            return judge_definition(*definition_);
        });
        if (!definition_) return;
        looks_.look("revision", [this] {
            return judge_revision(*definition_,
                                  aws::describe_task_definition(deployment_.ecs(), definition_->family));
        });
        looks_.add(judge_container(*definition_));
        const auto* container = operations_container(*definition_);
        if (container == nullptr) return;
        looks_.add(judge_image(container->image));
        looks_.look("log group", [this, container] { return look_at_log(deployment_, *container); });
    }

    void network() {
        auto ec2 = deployment_.session().service("ec2");
        const auto& where = deployment_.where();
        std::vector<aws::Subnet> subnets;
        looks_.look("subnets", [&] {
            subnets = aws::describe_subnets(ec2, {where.subnets.begin(), where.subnets.end()});
            return judge_subnets(subnets);
        });
        looks_.look("security group", [&] {
            return judge_security_group(aws::describe_security_groups(ec2, {where.security_group}), subnets);
        });
    }

    Deployment& deployment_;
    Looks looks_;
    std::optional<aws::TaskDefinition> definition_;
};

}  // namespace

Checks preflight(Deployment& deployment) {
    return Preflight(deployment)();
}

}  // namespace tti::ecs
