#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/session.hpp"
#include "ecs/run_arguments.hpp"
#include "settings/option.hpp"
#include "settings/values.hpp"

namespace tti::ecs {

// Which deployment is meant: --ecs and --ecs-arguments. For the program itself, and for commands that speak
// to a deployment themselves.
std::vector<settings::Option> deployment_options();

// Whether one of them was given.
bool names_deployment(const settings::Values& values);

// A deployment on ECS as one run sees it: AWS, and where its tasks run. Used from one thread.
class Deployment {
  public:
    // `stack` is empty where nobody looked for one. `session` has to outlive it.
    Deployment(aws::Session& session, std::string stack, RunArguments where)
        : session_(session), stack_(std::move(stack)), where_(std::move(where)) {}

    [[nodiscard]] aws::Session& session() const { return session_; }
    [[nodiscard]] const std::string& stack() const { return stack_; }
    [[nodiscard]] const RunArguments& where() const { return where_; }
    // The option that names it again, for a command that a message prints.
    [[nodiscard]] std::string flag() const;
    // Services that are asked again and again; made when first needed.
    aws::Service& ecs() { return service(ecs_, "ecs"); }
    aws::Service& logs() { return service(logs_, "logs"); }

  private:
    aws::Service& service(std::optional<aws::Service>& place, const std::string& name) const;

    aws::Session& session_;
    std::string stack_;
    RunArguments where_;
    std::optional<aws::Service> ecs_;
    std::optional<aws::Service> logs_;
};

// The one that deployment_options() among `values` name; CloudFormation is asked for a stack. Throws
// UsageError where none is named, for both at once, and for what is no deployment.
Deployment find_deployment(aws::Session& session, const settings::Values& values);

}  // namespace tti::ecs
