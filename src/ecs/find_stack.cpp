#include "ecs/find_stack.hpp"

#include <fmt/format.h>

#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::ecs {
namespace {

constexpr auto output = "OpsRunTaskArguments";
constexpr auto hint = "It is an output of the stack made from template 5-2-ecs-ops; give that stack's name.";

OperationsStack operations_stack(const aws::Stack& stack) {
    const auto found = stack.outputs.find(output);
    if (found == stack.outputs.end()) {
        throw UsageError(fmt::format("stack {} has no output {}", stack.name, output), hint);
    }
    auto arguments = parse_run_arguments(found->second);
    if (!arguments) {
        throw UsageError(
            fmt::format("stack {}: {} = {:?}: {}", stack.name, output, found->second, arguments.error()),
            "Give the five words yourself, with --ecs-arguments.");
    }
    return {stack.name, std::move(*arguments)};
}

// "ttich-prod-eu1" is no beginning of "ttich-prod-eu10-…".
bool begins(const std::string& name, const std::string& prefix) {
    return name.starts_with(prefix.ends_with('-') ? prefix : prefix + "-");
}

[[noreturn]] void throw_not_found(std::span<const aws::Stack> stacks, const std::string& name) {
    std::vector<std::string> names;
    for (const auto& stack : stacks) {
        if (stack.outputs.contains(output)) names.push_back(stack.name);
    }
    if (names.empty()) {
        throw UsageError(fmt::format("no stack {:?}, and none here has an output {}", name, output),
                         "Are AWS_PROFILE and AWS_REGION those of the deployment?");
    }
    throw UsageError(
        fmt::format("no stack {:?}, and none whose name begins so has an output {}", name, output),
        "There are: " + util::join(names, ", ") + ".");
}

}  // namespace

OperationsStack choose_stack(std::span<const aws::Stack> stacks, const std::string& name) {
    std::vector<const aws::Stack*> fitting;
    for (const auto& stack : stacks) {
        if (stack.name == name) return operations_stack(stack);
        if (begins(stack.name, name) && stack.outputs.contains(output)) fitting.push_back(&stack);
    }
    if (fitting.empty()) throw_not_found(stacks, name);
    if (fitting.size() == 1) return operations_stack(*fitting.front());
    std::vector<std::string> names;
    names.reserve(fitting.size());
    for (const auto* stack : fitting) names.push_back(stack->name);
    throw UsageError(fmt::format("{:?} is the beginning of several stacks with an output {}", name, output),
                     "Give one of them: " + util::join(names, ", ") + ".");
}

OperationsStack find_stack(aws::Service& cloudformation, const std::string& name) {
    if (const auto stack = aws::describe_stack(cloudformation, name)) return operations_stack(*stack);
    return choose_stack(aws::describe_stacks(cloudformation), name);
}

}  // namespace tti::ecs
