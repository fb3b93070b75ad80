#include "operation/failures.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tti::operation {
namespace {

TEST(Failures, NamesTwentyAndCountsTheRest) {
    Failures failures;
    EXPECT_TRUE(failures.empty());
    for (int number = 1; number <= 23; ++number) failures.add("dev" + std::to_string(number), "not base64");
    EXPECT_EQ(failures.count(), 23);
    EXPECT_EQ(failures.data().size(), 20U);
    const auto text = failures.text();
    EXPECT_TRUE(text.starts_with("dev1: not base64; dev2: not base64")) << text;
    EXPECT_TRUE(text.ends_with("dev20: not base64; and 3 more")) << text;
    failures.clear();
    EXPECT_TRUE(failures.text().empty());
}

TEST(Failures, TellsARecordOnce) {
    Failures failures;
    failures.add("dev1", "not base64");
    failures.add("dev1", "not base64");
    EXPECT_EQ(failures.count(), 1);
}

}  // namespace
}  // namespace tti::operation
