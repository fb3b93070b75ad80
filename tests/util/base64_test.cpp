#include "util/base64.hpp"

#include <gtest/gtest.h>

namespace tti::util {
namespace {

TEST(Base64Url, UsesTheUrlSafeAlphabetWithoutPadding) {
    EXPECT_EQ(base64_url(std::vector<std::uint8_t>{0xFB, 0xFF}), "-_8");
    EXPECT_EQ(base64_url(std::vector<std::uint8_t>{'f', 'o', 'o', 'b', 'a', 'r'}), "Zm9vYmFy");
    EXPECT_EQ(base64_url({}), "");
}

TEST(Base64Url, ReadsWhatItWrites) {
    std::vector<std::uint8_t> bytes;
    for (int value = 0; value < 256; ++value) {
        bytes.push_back(static_cast<std::uint8_t>(value));
        EXPECT_EQ(parse_base64_url(base64_url(bytes)), bytes);
    }
}

TEST(Base64Url, RefusesOtherCharactersAndLeftOvers) {
    EXPECT_FALSE(parse_base64_url("+/8").has_value());
    EXPECT_FALSE(parse_base64_url("Zg==").has_value());
    EXPECT_FALSE(parse_base64_url("Zm9vY").has_value());
}

}  // namespace
}  // namespace tti::util
