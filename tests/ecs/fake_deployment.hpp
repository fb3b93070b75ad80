#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "aws/surroundings_of_test.hpp"
#include "ecs/interrupts.hpp"
#include "ecs/run_as_task.hpp"
#include "operation/recorder.hpp"
#include "support/http_server.hpp"

namespace tti::ecs {

inline constexpr auto task_id = "0123456789abcdef0123456789abcdef";
inline const std::string task_arn = std::string("arn:aws:ecs:eu-west-1:123456789012:task/prod/") + task_id;

inline test::HttpReply ok(const nlohmann::json& answer) {
    return {.body = answer.dump()};
}

inline test::HttpReply refusal(const std::string& code, const std::string& message) {
    return {.status = 400, .body = nlohmann::json{{"__type", code}, {"message", message}}.dump()};
}

// ECS and CloudWatch Logs of one operations task. What they answer is said for each action, in order; the
// last answer stays.
class FakeDeployment {
  public:
    // Its waits and calls end when `stop` asks for it.
    explicit FakeDeployment(util::Stop& stop)
        : surroundings_{.environment = environment(),
                        .home = test_.home.path(),
                        .clock = test_.clock,
                        .stop = stop,
                        .tell = [](const auto&) {}} {
        answers["DescribeTaskDefinition"] = {
            ok({{"taskDefinition",
                 {{"taskDefinitionArn", "arn:aws:ecs:eu-west-1:123456789012:task-definition/ops:3"},
                  {"containerDefinitions",
                   {{{"name", "ttes"},
                     {"logConfiguration",
                      {{"logDriver", "awslogs"},
                       {"options",
                        {{"awslogs-group", "/ops"},
                         {"awslogs-region", "eu-west-1"},
                         {"awslogs-stream-prefix", "ops"}}}}}}}}}}})};
        answers["RunTask"] = {ok({{"tasks", {{{"taskArn", task_arn}}}}})};
        answers["StopTask"] = {ok({{"task", {{"taskArn", task_arn}}}})};
        answers["GetLogEvents"] = {
            refusal("ResourceNotFoundException", "The specified log stream does not exist.")};
    }

    // DescribeTasks: one answer each.
    static test::HttpReply running(const std::string& status = "RUNNING") {
        return ok({{"tasks",
                    {{{"taskArn", task_arn},
                      {"lastStatus", status},
                      {"startedAt", 1.0},
                      {"containers", {{{"name", "ttes"}, {"lastStatus", status}}}}}}}});
    }
    static test::HttpReply ended(int code, const std::string& stop_code = "EssentialContainerExited") {
        return ok(
            {{"tasks",
              {{{"taskArn", task_arn},
                {"lastStatus", "STOPPED"},
                {"stopCode", stop_code},
                {"startedAt", 1.0},
                {"containers", {{{"name", "ttes"}, {"lastStatus", "STOPPED"}, {"exitCode", code}}}}}}}});
    }
    static test::HttpReply unknown() { return ok({{"tasks", nlohmann::json::array()}}); }

    // GetLogEvents: a page of lines, and where the next one begins.
    static test::HttpReply page(const std::vector<std::string>& lines, const std::string& next) {
        auto events = nlohmann::json::array();
        for (const auto& line : lines) {
            events.push_back({{"timestamp", 1000}, {"ingestionTime", 2000}, {"message", line}});
        }
        return ok({{"events", events}, {"nextForwardToken", next}});
    }

    std::vector<nlohmann::json> requests(const std::string& action) {
        std::vector<nlohmann::json> bodies;
        for (const auto& request : server_.requests()) {
            if (action_of(request) == action) bodies.push_back(nlohmann::json::parse(request.body));
        }
        return bodies;
    }

    Deployment deployment() {
        return {session_,
                "prod-ops",
                {.task_definition = "ops",
                 .cluster = "prod",
                 .subnets = {"subnet-1", "subnet-2"},
                 .security_group = "sg-1"}};
    }
    aws::TestClock& clock() { return test_.clock; }
    // Variables by which a run finds it.
    aws::Environment environment() {
        test_.use_keys();
        test_.environment()["AWS_ENDPOINT_URL"] = server_.url();
        return test_.environment();
    }

    std::map<std::string, std::deque<test::HttpReply>> answers;
    // Called before each answer, with the action; on another thread.
    std::function<void(const std::string&)> before = [](const std::string&) {};

  private:
    static std::string action_of(const test::HttpRequest& request) {
        const auto& target = request.headers.at("x-amz-target");
        return target.substr(target.find('.') + 1);
    }
    test::HttpReply answer(const test::HttpRequest& request) {
        const auto action = action_of(request);
        before(action);
        auto& left = answers.at(action);
        auto reply = left.front();
        if (left.size() > 1) left.pop_front();
        return reply;
    }

    aws::TestSurroundings test_;
    test::HttpServer server_{[this](const auto& request) { return answer(request); }};
    aws::Surroundings surroundings_;
    aws::Session session_{surroundings_};
};

}  // namespace tti::ecs
