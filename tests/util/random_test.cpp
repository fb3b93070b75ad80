#include "util/random.hpp"

#include <gtest/gtest.h>

namespace tti::util {
namespace {

TEST(RandomBytes, GivesAsManyAsAskedAndNeverTheSame) {
    EXPECT_EQ(random_bytes(0).size(), 0U);
    EXPECT_EQ(random_bytes(32).size(), 32U);
    EXPECT_NE(random_bytes(32), random_bytes(32));
}

}  // namespace
}  // namespace tti::util
