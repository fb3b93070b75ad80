#include "lorawan/identifiers.hpp"

#include <gtest/gtest.h>

namespace tti::lorawan {
namespace {

TEST(Identifiers, FollowThePattern) {
    for (const char* id : {"abc", "a-b-c", "000", "app1", "abcdefghijklmnopqrstuvwxyz0123456789"}) {
        EXPECT_TRUE(is_id(id)) << id;
    }
    for (const char* id : {"", "ab", "a-b", "-abc", "abc-", "a--bc", "Abc", "a.bc", "a_bc", "a:bc",
                           "abcdefghijklmnopqrstuvwxyz01234567890"}) {
        EXPECT_FALSE(is_id(id)) << id;
    }
}

TEST(Identifiers, SplitADeviceAtTheFirstDot) {
    EXPECT_EQ(parse_device_uid("app1.dev1").value(), (DeviceUid{"app1", "dev1"}));
    EXPECT_EQ(text(DeviceUid{"app1", "dev1"}), "app1.dev1");
    for (const char* wrong : {"app1", "app1.", ".dev1", "app1.dev1.x", "app1.DEV", "app1 .dev1"}) {
        EXPECT_FALSE(parse_device_uid(wrong).has_value()) << wrong;
    }
}

}  // namespace
}  // namespace tti::lorawan
