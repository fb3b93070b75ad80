#pragma once

#include <map>
#include <string>
#include <vector>

#include "aws/service.hpp"

namespace tti::aws {

struct Role {
    std::string arn;
    std::string trust;  // who may assume it: a policy in JSON
};
// By its name, without a path. Throws ServiceError (NoSuchEntity) where there is none.
Role get_role(Service& iam, const std::string& name);

// "task" of "arn:aws:iam::123456789012:role/path/task"; what is no ARN of a role is taken for a name.
std::string role_name(const std::string& arn);

struct Decision {
    std::string action;  // "ecs:RunTask"
    bool allowed = false;
};

struct Simulation {
    std::string principal;                            // ARN of a user or a role
    std::vector<std::string> actions;                 // "ecs:RunTask"
    std::vector<std::string> resources = {};          // ARNs; none: "*"
    std::map<std::string, std::string> context = {};  // what conditions look at: "iam:PassedToService"
};
// What the principal's policies say, once for each action and resource. Nothing is done.
std::vector<Decision> simulate_principal_policy(Service& iam, const Simulation& simulation);

}  // namespace tti::aws
