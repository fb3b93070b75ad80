#include "redis/read_only.hpp"

#include <gtest/gtest.h>

namespace tti::redis {
namespace {

TEST(ReadOnly, KnowsWhatCannotWrite) {
    for (const auto* name :
         {"GET", "SCAN", "XINFO STREAM", "CONFIG GET", "OBJECT ENCODING", "ZRANGE", "AUTH"}) {
        EXPECT_TRUE(cannot_write(name)) << name;
    }
    for (const auto* name :
         {"SET", "GETDEL", "GETEX", "XREADGROUP", "EVALSHA", "EVAL", "SORT", "CONFIG SET", "XAUTOCLAIM",
          "ZRANGESTORE", "SCRIPT FLUSH", "XGROUP CREATE", "UNHEARD OF", "UNLINK", ""}) {
        EXPECT_FALSE(cannot_write(name)) << name;
    }
}

}  // namespace
}  // namespace tti::redis
