#include "util/base32.hpp"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace tti::util {
namespace {

std::string of(std::string_view text) {
    return base32(std::vector<std::uint8_t>(text.begin(), text.end()));
}

// RFC 4648, section 10.
TEST(Base32, EncodesTheVectorsOfTheRfc) {
    EXPECT_EQ(of(""), "");
    EXPECT_EQ(of("f"), "MY");
    EXPECT_EQ(of("fo"), "MZXQ");
    EXPECT_EQ(of("foo"), "MZXW6");
    EXPECT_EQ(of("foob"), "MZXW6YQ");
    EXPECT_EQ(of("fooba"), "MZXW6YTB");
    EXPECT_EQ(of("foobar"), "MZXW6YTBOI");
}

}  // namespace
}  // namespace tti::util
