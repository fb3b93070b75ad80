#include "util/utf8.hpp"

#include <gtest/gtest.h>

namespace tti::util {
namespace {

TEST(Utf8, ReadsAllFourLengths) {
    EXPECT_EQ(parse_utf8("aé€😀"), U"aé€😀");
    EXPECT_EQ(parse_utf8(""), U"");
}

TEST(Utf8, RefusesWhatIsNotUtf8AndNamesTheByte) {
    EXPECT_EQ(parse_utf8("ab\xFF").error(), "is not UTF-8 (byte 3)");
    EXPECT_FALSE(parse_utf8("\xC0\xAF").has_value());          // overlong
    EXPECT_FALSE(parse_utf8("\xED\xA0\x80").has_value());      // surrogate
    EXPECT_FALSE(parse_utf8("\xF4\x90\x80\x80").has_value());  // above U+10FFFF
    EXPECT_FALSE(parse_utf8("\xE2\x82").has_value());          // cut off
    EXPECT_FALSE(parse_utf8("\x80").has_value());
}

}  // namespace
}  // namespace tti::util
