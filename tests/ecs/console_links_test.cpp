#include "ecs/console_links.hpp"

#include <gtest/gtest.h>

namespace tti::ecs {
namespace {

// As the Console itself has them in its address.
TEST(ConsoleLinks, AreThoseOfTheConsole) {
    EXPECT_EQ(task_link("eu-west-1", "ttich-prod-eu1", "0123abcd"),
              "https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/ttich-prod-eu1/tasks/0123abcd/"
              "configuration?region=eu-west-1");
    EXPECT_EQ(log_link("eu-west-1", "/ttich/ops", "ops/ttes/0123abcd"),
              "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/"
              "log-group/"
              "$252Fttich$252Fops/log-events/ops$252Fttes$252F0123abcd");
}

TEST(ConsoleLinks, TakeTheClustersArn) {
    EXPECT_EQ(task_link("eu-west-1", "arn:aws:ecs:eu-west-1:1:cluster/prod", "0"),
              task_link("eu-west-1", "prod", "0"));
}

TEST(ConsoleLinks, KnowThePartition) {
    EXPECT_EQ(
        task_link("cn-north-1", "c", "0"),
        "https://cn-north-1.console.amazonaws.cn/ecs/v2/clusters/c/tasks/0/configuration?region=cn-north-1");
    EXPECT_EQ(
        log_link("us-gov-west-1", "g", "s"),
        "https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#logsV2:"
        "log-groups/log-group/g/log-events/s");
    EXPECT_EQ(task_link("us-isob-east-1", "c", "0"), "");
}

}  // namespace
}  // namespace tti::ecs
