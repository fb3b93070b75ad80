#include "network_server/stream_id.hpp"

#include <gtest/gtest.h>

#include "redis/error.hpp"

namespace tti::network_server {
namespace {

TEST(StreamId, IsReadAndWritten) {
    const auto id = parse_stream_id("1710028800000-7");
    EXPECT_EQ(id, (StreamId{1710028800000, 7}));
    EXPECT_EQ(text(id), "1710028800000-7");
    for (const auto* wrong : {"", "1", "1-", "-1", "1-2-3", "a-1"}) {
        EXPECT_THROW(parse_stream_id(wrong), redis::ProtocolError) << wrong;
    }
}

TEST(StreamId, KnowsItsNeighbours) {
    constexpr auto highest = ~std::uint64_t{0};
    EXPECT_EQ(after({1, 2}), (StreamId{1, 3}));
    EXPECT_EQ(after({1, highest}), (StreamId{2, 0}));
    EXPECT_EQ(after({highest, highest}), (StreamId{highest, highest}));
    EXPECT_EQ(before({1, 3}), (StreamId{1, 2}));
    EXPECT_EQ(before({2, 0}), (StreamId{1, highest}));
    EXPECT_EQ(before({0, 0}), (StreamId{0, 0}));
    EXPECT_LT((StreamId{1, highest}), (StreamId{2, 0}));
}

}  // namespace
}  // namespace tti::network_server
