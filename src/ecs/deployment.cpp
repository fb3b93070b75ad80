#include "ecs/deployment.hpp"

#include <fmt/format.h>

#include "ecs/find_stack.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::ecs {
namespace {

constexpr auto stack_option = "ecs";
constexpr auto arguments_option = "ecs-arguments";

RunArguments given_arguments(const std::string& text) {
    auto arguments = parse_run_arguments(text);
    if (!arguments) {
        throw UsageError(
            fmt::format("--{} = {:?}: {}", arguments_option, text, arguments.error()),
            "They are the output OpsRunTaskArguments of the stack made from template 5-2-ecs-ops.");
    }
    return std::move(*arguments);
}

}  // namespace

std::vector<settings::Option> deployment_options() {
    return {
        {.name = stack_option,
         .description =
             "deployment on ECS: the stack made from template 5-2-ecs-ops, or the beginning of its "
             "name, such as ttich-prod-eu1",
         .value_name = "STACK"},
        {.name = arguments_option,
         .description = "the same without a look at CloudFormation: "
                        "\"TASK_DEFINITION CLUSTER SUBNET SUBNET GROUP\"",
         .value_name = "WORDS"},
    };
}

bool names_deployment(const settings::Values& values) {
    return values.given(stack_option) || values.given(arguments_option);
}

std::string Deployment::flag() const {
    if (!stack_.empty()) return fmt::format("--{} {}", stack_option, stack_);
    return fmt::format("--{} {}", arguments_option, util::shell_quoted(format_run_arguments(where_)));
}

aws::Service& Deployment::service(std::optional<aws::Service>& place, const std::string& name) const {
    if (!place) place.emplace(session_.service(name));
    return *place;
}

Deployment find_deployment(aws::Session& session, const settings::Values& values) {
    if (values.given(stack_option) && values.given(arguments_option)) {
        throw UsageError(fmt::format("--{} and --{} exclude each other", stack_option, arguments_option),
                         "Give the stack, or the five words.");
    }
    if (values.given(arguments_option)) {
        return {session, "", given_arguments(values.text(arguments_option))};
    }
    if (!values.given(stack_option)) {
        throw UsageError("no deployment is named", fmt::format("Add --{} STACK, such as --{} ttich-prod-eu1.",
                                                               stack_option, stack_option));
    }
    auto cloudformation = session.service("cloudformation");
    auto stack = find_stack(cloudformation, values.text(stack_option));
    return {session, std::move(stack.name), std::move(stack.arguments)};
}

}  // namespace tti::ecs
