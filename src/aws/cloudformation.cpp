#include "aws/cloudformation.hpp"

#include "aws/query_protocol.hpp"

namespace tti::aws {
namespace {

constexpr auto version = "2010-05-15";

Stack stack_in(const pugi::xml_node& member) {
    Stack stack{.name = member.child_value("StackName"),
                .status = member.child_value("StackStatus"),
                .status_reason = member.child_value("StackStatusReason")};
    for (const auto output : member.child("Outputs").children("member")) {
        stack.outputs[output.child_value("OutputKey")] = output.child_value("OutputValue");
    }
    return stack;
}

}  // namespace

std::optional<Stack> describe_stack(Service& cloudformation, const std::string& name) {
    try {
        const auto page = query_call(cloudformation, "DescribeStacks", version, {{"StackName", name}});
        const auto member = page.find("Stacks").child("member");
        return member != nullptr ? std::optional(stack_in(member)) : std::nullopt;
    } catch (const ServiceError& error) {
        // The code is the same for whatever is wrong with a request.
        const auto& problem = error.problem();
        if (problem.code == "ValidationError" &&
            problem.sentence.find("does not exist") != std::string::npos) {
            return std::nullopt;
        }
        throw;
    }
}

std::vector<Stack> describe_stacks(Service& cloudformation) {
    std::vector<Stack> stacks;
    std::string next;
    do {
        const auto page = query_call(cloudformation, "DescribeStacks", version, {{"NextToken", next}});
        for (const auto member : page.find("Stacks").children("member")) stacks.push_back(stack_in(member));
        next = page.find("NextToken").text().get();
    } while (!next.empty());
    return stacks;
}

}  // namespace tti::aws
