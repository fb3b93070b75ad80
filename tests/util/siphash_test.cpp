#include "util/siphash.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tti::util {
namespace {

// Vectors of the reference implementation: key 00..0f, input of N bytes 00, 01, 02, …
TEST(SipHash, AgreesWithItsReference) {
    const SipHashKey key{0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL};
    std::string input;
    EXPECT_EQ(siphash(key, input), 0x726fdb47dd0e0e31ULL);
    for (char byte = 0; byte < 15; ++byte) input += byte;
    EXPECT_EQ(siphash(key, input), 0xa129ca6149be45e5ULL);
    EXPECT_EQ(siphash(key, input.substr(0, 8)), 0x93f5f5799a932462ULL);
}

TEST(SipHash, DependsOnItsKey) {
    EXPECT_NE(siphash(random_siphash_key(), "app.dev"), siphash(random_siphash_key(), "app.dev"));
}

}  // namespace
}  // namespace tti::util
