#include "util/percent.hpp"

#include <gtest/gtest.h>

namespace tti::util {
namespace {

TEST(PercentEncoded, KeepsWhatRfc3986LeavesAndWhatIsAskedFor) {
    EXPECT_EQ(percent_encoded("azAZ09-._~"), "azAZ09-._~");
    EXPECT_EQ(percent_encoded("a/b c+%\xC3\xBC"), "a%2Fb%20c%2B%25%C3%BC");
    EXPECT_EQ(percent_encoded("a/b c", "/"), "a/b%20c");
}

TEST(PercentDecoded, IsTheOtherWayRound) {
    const std::string text("{\"Version\": \"2012-10-17\"}%/\xC3\xBC\0", 30);
    EXPECT_EQ(percent_decoded(percent_encoded(text)), text);
    EXPECT_EQ(percent_decoded("%2f%2F%2525"), "//%25");
}

TEST(PercentDecoded, LeavesWhatIsNoCode) {
    EXPECT_EQ(percent_decoded("100%, %zz, %2"), "100%, %zz, %2");
    EXPECT_EQ(percent_decoded("%4x%zz%41"), "%4x%zzA");
    EXPECT_EQ(percent_decoded("%%41%+1%-1% 1"), "%A%+1%-1% 1");
}

TEST(LeadingPercentCode, IsOneByte) {
    EXPECT_EQ(leading_percent_code("%00"), 0);
    EXPECT_EQ(leading_percent_code("%fFzz"), 0xff);
    EXPECT_EQ(leading_percent_code(""), std::nullopt);
    EXPECT_EQ(leading_percent_code("%4"), std::nullopt);
    EXPECT_EQ(leading_percent_code("41%"), std::nullopt);
}

}  // namespace
}  // namespace tti::util
