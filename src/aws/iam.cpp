#include "aws/iam.hpp"

#include "aws/query_protocol.hpp"
#include "util/percent.hpp"

namespace tti::aws {
namespace {

constexpr auto iam_version = "2010-05-08";

void add_members(Parameters& parameters, const std::string& list, const std::vector<std::string>& values) {
    for (std::size_t index = 0; index < values.size(); ++index) {
        parameters.emplace_back(list + ".member." + std::to_string(index + 1), values[index]);
    }
}

void add_context(Parameters& parameters, const std::map<std::string, std::string>& context) {
    int number = 0;
    for (const auto& [key, value] : context) {
        const auto entry = "ContextEntries.member." + std::to_string(++number);
        parameters.emplace_back(entry + ".ContextKeyName", key);
        parameters.emplace_back(entry + ".ContextKeyType", "string");
        parameters.emplace_back(entry + ".ContextKeyValues.member.1", value);
    }
}

}  // namespace

Role get_role(Service& iam, const std::string& name) {
    const auto answer = query_call(iam, "GetRole", iam_version, {{"RoleName", name}});
    const auto role = answer.find("Role");
    return {.arn = role.child_value("Arn"),
            .trust = util::percent_decoded(role.child_value("AssumeRolePolicyDocument"))};
}

std::string role_name(const std::string& arn) {
    return arn.substr(arn.rfind('/') + 1);
}

std::vector<Decision> simulate_principal_policy(Service& iam, const Simulation& simulation) {
    std::vector<Decision> decisions;
    std::string marker;
    do {
        Parameters parameters{{"PolicySourceArn", simulation.principal}, {"Marker", marker}};
        add_members(parameters, "ActionNames", simulation.actions);
        add_members(parameters, "ResourceArns", simulation.resources);
        add_context(parameters, simulation.context);
        const auto page = query_call(iam, "SimulatePrincipalPolicy", iam_version, parameters);
        for (const auto member : page.find("EvaluationResults").children("member")) {
            decisions.push_back(
                {.action = member.child_value("EvalActionName"),
                 .allowed = member.child_value("EvalDecision") == std::string_view("allowed")});
        }
        marker = page.find("Marker").text().get();
    } while (!marker.empty());
    return decisions;
}

}  // namespace tti::aws
