#pragma once

#include <array>
#include <string>
#include <string_view>

#include "util/expected.hpp"

namespace tti::ecs {

// Where operations tasks of a deployment run. Source: the output OpsRunTaskArguments of template 5-2-ecs-ops.
struct RunArguments {
    std::string task_definition;
    std::string cluster;
    std::array<std::string, 2> subnets;
    std::string security_group;

    // "ops" of the task definitions "ops", "ops:7" and "arn:…:task-definition/ops:7".
    [[nodiscard]] std::string family() const;
};

// "TASK_DEFINITION CLUSTER SUBNET SUBNET GROUP"
Expected<RunArguments> parse_run_arguments(std::string_view text);
std::string format_run_arguments(const RunArguments& arguments);

}  // namespace tti::ecs
