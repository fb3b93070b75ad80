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

// Calls `take` with every item of every page.
template <typename Take>
void for_each(Service& service, const std::string& action, const char* list, Take take) {
    std::string next;
    do {
        const auto page = query_call(service, action, version, {{"NextToken", next}});
        for (const auto member : page.find(list).children("member")) take(member);
        next = page.find("NextToken").text().get();
    } while (!next.empty());
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
    for_each(cloudformation, "DescribeStacks", "Stacks",
             [&stacks](const pugi::xml_node& member) { stacks.push_back(stack_in(member)); });
    return stacks;
}

std::vector<StackSummary> list_stacks(Service& cloudformation) {
    std::vector<StackSummary> stacks;
    for_each(cloudformation, "ListStacks", "StackSummaries", [&stacks](const pugi::xml_node& member) {
        const std::string status = member.child_value("StackStatus");
        if (status != "DELETE_COMPLETE") stacks.push_back({member.child_value("StackName"), status});
    });
    return stacks;
}

}  // namespace tti::aws
