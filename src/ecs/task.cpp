#include "ecs/task.hpp"

#include "ecs/forms.hpp"

namespace tti::ecs {

aws::TaskRequest task_request(const RunArguments& where, std::span<const std::string> command,
                              const std::string& token, const std::string& started_by) {
    return {.cluster = where.cluster,
            .task_definition = where.task_definition,
            .subnets = {where.subnets.begin(), where.subnets.end()},
            .security_groups = {where.security_group},
            .container = container_name,
            .command = {command.begin(), command.end()},
            .client_token = token,
            .started_by = started_by};
}

}  // namespace tti::ecs
