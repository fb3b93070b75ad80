#include <gtest/gtest.h>

#include "redis/scan.hpp"

namespace tti::redis {
namespace {

TEST(Glob, IsTakenLiterally) {
    EXPECT_EQ(escape_glob("ttn:v3:a*b?[c]\\"), "ttn:v3:a\\*b\\?\\[c\\]\\\\");
    EXPECT_EQ(escape_glob("plain:text"), "plain:text");
}

}  // namespace
}  // namespace tti::redis
