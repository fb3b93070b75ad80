#include "identity_server/eui_block.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tti::identity_server {
namespace {

using testing::HasSubstr;

TEST(EuiPrefix, ReadsDigitsAndLength) {
    const auto prefix = EuiPrefix::parse("70b3d57ed0000000/36");
    ASSERT_TRUE(prefix);
    EXPECT_EQ(prefix->eui, 0x70B3D57ED0000000U);
    EXPECT_EQ(prefix->length, 36);
    EXPECT_EQ(prefix->text(), "70B3D57ED0000000/36");
    EXPECT_TRUE(EuiPrefix::parse("70B3D57ED0000001/64"));
    EXPECT_TRUE(EuiPrefix::parse("0000000000000000/0"));
}

TEST(EuiPrefix, RefusesAnotherForm) {
    for (const char* text :
         {"", "70B3D57ED0000000", "70B3D57ED0000000/", "70B3D57ED0000000/65", "70B3D57ED0000000/-1",
          "70B3D57ED0000000/3x", "70B3D57ED000000/36", "70B3D57ED00000000/36", "70B3D57ED000000G/36",
          "-0B3D57ED0000000/36", "70B3D57ED0000000/036"}) {
        EXPECT_FALSE(EuiPrefix::parse(text)) << text;
    }
}

TEST(EuiPrefix, RefusesBitsBehindTheLengthAndSaysWhatWasMeant) {
    EXPECT_THAT(EuiPrefix::parse("70B3D57ED0000001/36").error(), HasSubstr("70B3D57ED0000000/36"));
    EXPECT_THAT(EuiPrefix::parse("0000000000000001/0").error(), HasSubstr("0000000000000000/0"));
}

TEST(EuiBlock, EndsWhereThePrefixDoes) {
    EXPECT_EQ(EuiBlock::make({0x70B3D57ED0000000U, 36}, 0)->end_counter, 268435455);
    EXPECT_EQ(EuiBlock::make({0, 1}, 0)->end_counter, INT64_MAX);
    EXPECT_EQ(EuiBlock::make({1, 64}, 0)->end_counter, 0);
    EXPECT_FALSE(EuiBlock::make({0, 0}, 0));
}

TEST(EuiBlock, HasACounterInside) {
    EXPECT_EQ(EuiBlock::make({0, 56}, 255)->current_counter, 255);
    EXPECT_THAT(EuiBlock::make({0, 56}, 256).error(), HasSubstr("0 to 255"));
    EXPECT_FALSE(EuiBlock::make({0, 56}, -1));
}

TEST(EuiBlock, OverlapsWhereOneEuiIsInBoth) {
    const EuiBlock whole{0x1000, 0xFFF, 0};
    EXPECT_TRUE(whole.overlaps({0x1F00, 0xFF, 0}));
    EXPECT_TRUE((EuiBlock{0x1F00, 0xFF, 0}).overlaps(whole));
    EXPECT_FALSE(whole.overlaps({0x2000, 0xFFF, 0}));
    EXPECT_FALSE(whole.overlaps({0x0, 0xFFF, 0}));
}

}  // namespace
}  // namespace tti::identity_server
