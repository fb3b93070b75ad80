#include "ecs/access.hpp"

#include <fmt/format.h>

#include "aws/iam.hpp"
#include "aws/secrets.hpp"
#include "aws/sts.hpp"
#include "ecs/judge.hpp"
#include "ecs/permissions.hpp"
#include "ecs/principal.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::ecs {
namespace {

Check judge_missing(const Sources& sources, const std::vector<std::string>& missing) {
    if (missing.empty()) {
        return {.topic = "secrets",
                .evidence = fmt::format("{} of Secrets Manager and {} of Parameter Store are there",
                                        sources.secrets.size(), sources.parameters.size())};
    }
    return {.topic = "secrets",
            .verdict = Verdict::problem,
            .evidence = "not there: " + util::join(missing, ", "),
            .hint = "No task starts without them; templates 4-1-secrets and 4-2a-configuration make them."};
}

class Access {
  public:
    Access(Deployment& deployment, const aws::TaskDefinition& definition, Looks& looks)
        : deployment_(deployment),
          things_{definition, deployment.where(), deployment.stack()},
          looks_(looks),
          iam_(deployment.session().service("iam")) {}

    void operator()() {
        looks_.look("execution role", [this] { return execution_role(); });
        looks_.look("task role", [this] { return task_role(); });
        looks_.look("secrets", [this] {
            const auto sources = sources_of(things_.definition);
            return judge_missing(sources, missing_of(sources));
        });
        looks_.look("the role's rights", [this] { return rights_of_execution_role(); });
        looks_.look("caller", [this] { return caller(); });
        looks_.look("your rights", [this] { return rights_of_caller(); });
    }

  private:
    Check execution_role() {
        const auto& arn = things_.definition.execution_role_arn;
        if (!arn.empty()) return judge_role("execution role", aws::get_role(iam_, aws::role_name(arn)));
        return {.topic = "execution role",
                .verdict = Verdict::problem,
                .evidence = "there is none",
                .hint = "On Fargate no secret can be read and no line be logged without it."};
    }

    Check task_role() {
        const auto& arn = things_.definition.task_role_arn;
        if (!arn.empty()) return judge_role("task role", aws::get_role(iam_, aws::role_name(arn)));
        return {.topic = "task role",
                .verdict = Verdict::warning,
                .evidence = "there is none",
                .hint = "References such as --secret-from=secretsmanager:NAME cannot be read in the task."};
    }

    std::vector<std::string> missing_of(const Sources& sources) {
        std::vector<std::string> missing;
        auto secretsmanager = deployment_.session().service("secretsmanager");
        for (const auto& secret : sources.secrets) {
            if (!aws::has_secret(secretsmanager, secret)) missing.push_back(secret);
        }
        auto ssm = deployment_.session().service("ssm");
        for (auto& name : aws::missing_parameters(ssm, sources.parameters)) {
            missing.push_back(std::move(name));
        }
        return missing;
    }

    std::vector<aws::Decision> decide(const std::vector<aws::Simulation>& needed,
                                      const std::string& principal) {
        std::vector<aws::Decision> decisions;
        for (auto simulation : needed) {
            simulation.principal = principal;
            for (auto& decision : aws::simulate_principal_policy(iam_, simulation)) {
                decisions.push_back(std::move(decision));
            }
        }
        return decisions;
    }

    Check rights_of_execution_role() {
        const auto& role = things_.definition.execution_role_arn;
        const auto needed = needed_by_execution_role(things_);
        if (role.empty() || needed.empty()) {
            return {.topic = "the role's rights", .evidence = "nothing is asked of the execution role"};
        }
        return judge_decisions(
            "the role's rights", "the execution role", decide(needed, role),
            "Update the stack made from template 5-2-ecs-ops: its execution role is too old.");
    }

    Check caller() {
        auto sts = deployment_.session().service("sts");
        caller_ = aws::get_caller_identity(sts).arn;
        return {.topic = "caller", .evidence = caller_};
    }

    Check rights_of_caller() {
        const auto principal = principal_of(caller_);
        if (!principal) {
            return {.topic = "your rights",
                    .verdict = Verdict::unknown,
                    .evidence = "policies of a user or of a role can be looked at, and this is neither",
                    .hint = "Start a task that changes nothing: ecs run -- version."};
        }
        return judge_decisions("your rights", "you",
                               decide(needed_by_operator(things_), whole_arn(*principal)),
                               "deploy/policies/operator.json has what an operator needs.");
    }

    // With the role's path, where that may be asked for.
    std::string whole_arn(const Principal& principal) {
        if (principal.role.empty()) return principal.arn;
        try {
            return aws::get_role(iam_, principal.role).arn;
        } catch (const aws::ServiceError&) {
            return principal.arn;
        }
    }

    Deployment& deployment_;
    Things things_;
    Looks& looks_;
    aws::Service iam_;
    std::string caller_;
};

}  // namespace

void look_at_access(Deployment& deployment, const aws::TaskDefinition& definition, Looks& looks) {
    Access(deployment, definition, looks)();
}

}  // namespace tti::ecs
