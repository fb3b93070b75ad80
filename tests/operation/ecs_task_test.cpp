#include "operation/ecs_task.hpp"

#include <condition_variable>

#include <gmock/gmock.h>

#include "operation/holder.hpp"
#include "support/http_server.hpp"

namespace tti::operation {
namespace {

using test::HttpReply;
using test::HttpRequest;
using test::HttpServer;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

constexpr auto arn =
    "arn:aws:ecs:eu-west-1:123456789012:task/ttich-prod-eu1/0123456789abcdef0123456789abcdef";

// As the agent answers, shortened.
std::string metadata_of(const std::string& task) {
    return R"({"Cluster": "ttich-prod-eu1", "TaskARN": ")" + task + R"(", "Family": "ops", "Revision": "3"})";
}

std::string task_with(const HttpReply& reply) {
    HttpServer server([&reply](const HttpRequest&) { return reply; });
    return ask_for_task(server.url() + "/v4/0123456789abcdef0123456789abcdef-42");
}

TEST(EcsTask, IsCalledByItsArn) {
    HttpServer server([](const HttpRequest&) { return HttpReply{.body = metadata_of(arn)}; });
    EXPECT_EQ(ask_for_task(server.url() + "/v4/0123"), arn);
    EXPECT_EQ(server.requests().at(0).target, "/v4/0123/task");
}

TEST(EcsTask, IsCalledByItsIdWhereTheServiceTellsNoArn) {
    constexpr auto id = "0123456789abcdef0123456789abcdef-42";
    EXPECT_EQ(task_with({.status = 500, .body = "agent is restarting"}), id);
    EXPECT_EQ(task_with({.body = metadata_of("")}), id);
    EXPECT_EQ(task_with({.body = "[1]"}), id);
    EXPECT_EQ(task_with({.body = "{", .cut = true}), id);
    EXPECT_EQ(ask_for_task("http://127.0.0.1:1/v4/0123"), "0123");
    EXPECT_EQ(ask_for_task("none"), "none");
}

// The server answers only once nobody waits for it any more.
TEST(EcsTask, IsNotWaitedFor) {
    std::mutex mutex;
    std::condition_variable changed;
    bool given_up = false;
    HttpServer server([&](const HttpRequest&) {
        std::unique_lock lock(mutex);
        changed.wait_for(lock, std::chrono::minutes(5), [&] { return given_up; });
        return HttpReply{.body = metadata_of(arn)};
    });
    EXPECT_EQ(ask_for_task(server.url() + "/v4/0123"), "0123");
    {
        const std::scoped_lock lock(mutex);
        given_up = true;
    }
    changed.notify_all();
}

TEST(EcsTask, IsNamedToWhoeverWaitsForItsLock) {
    const Holder in_task{{.user = "ada", .host = "ip-10-0-1-7", .pid = 1, .task = arn}, "now", "index", 40};
    EXPECT_THAT(describe(in_task), HasSubstr(std::string("task ") + arn));
    EXPECT_THAT(hint_for(in_task), EndsWith(std::string(" See what it does with: tti-lw-stack ecs attach ") +
                                            arn + " --ecs STACK"));
    EXPECT_THAT(hint_for(in_task), HasSubstr("--wait 10m"));
    EXPECT_THAT(hint_for({{.task = "0123-42"}}), Not(HasSubstr("attach")));
    EXPECT_THAT(hint_for({}), Not(HasSubstr("attach")));
}

}  // namespace
}  // namespace tti::operation
