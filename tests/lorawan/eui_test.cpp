#include "lorawan/eui.hpp"

#include <gtest/gtest.h>

#include "bytes.hpp"

namespace tti::lorawan {
namespace {

TEST(Eui, IsWrittenInUpperCase) {
    EXPECT_EQ(text(Eui64{0x70B3D57ED0000ABCULL}), "70B3D57ED0000ABC");
    EXPECT_EQ(text(Eui64{}), "0000000000000000");
    EXPECT_EQ(text(DevAddr{0x0123abcd}), "0123ABCD");
}

TEST(Eui, IsReadInEitherCase) {
    EXPECT_EQ(parse_eui64("70b3D57ed0000abc").value().value, 0x70B3D57ED0000ABCULL);
    EXPECT_EQ(parse_dev_addr("0123abCD").value().value, 0x0123ABCDU);
    for (const char* wrong :
         {"", "70b3d57ed0000ab", "70b3d57ed0000abcd", "70b3d57ed0000abg", "70b3d57e-0000abc"}) {
        EXPECT_FALSE(parse_eui64(wrong).has_value()) << wrong;
    }
    EXPECT_FALSE(parse_dev_addr("0x012345").has_value());
    EXPECT_FALSE(parse_dev_addr("012345678").has_value());
}

TEST(Eui, IsBigEndianInMessages) {
    EXPECT_EQ(eui64_from_bytes(bytes_of("0102030405060708")).value().value, 0x0102030405060708ULL);
    EXPECT_EQ(dev_addr_from_bytes(bytes_of("fe020304")).value().value, 0xFE020304U);
    EXPECT_FALSE(eui64_from_bytes(bytes_of("01020304050607")).has_value());
    EXPECT_FALSE(dev_addr_from_bytes("").has_value());
}

}  // namespace
}  // namespace tti::lorawan
