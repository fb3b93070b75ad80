#include "memory/top_names.hpp"

#include <gtest/gtest.h>

namespace tti::memory {
namespace {

TEST(TopNames, TellsTheHeaviestFirst) {
    TopNames names(10);
    names.add("small", 5, 10);
    names.add("large", 1, 50);
    names.add("small", 1, 20);
    const auto top = names.top(5);
    ASSERT_EQ(top.size(), 2);
    EXPECT_EQ(top[0].name, "large");
    EXPECT_EQ(top[1].keys, 6);
    EXPECT_EQ(top[1].bytes, 30);
    EXPECT_EQ(names.top(1).size(), 1);
    EXPECT_TRUE(names.exact());
}

TEST(TopNames, KeepsTheHeavyOnesAmongManyInBoundedMemory) {
    TopNames names(50);
    for (int round = 0; round < 100'000; ++round) {
        names.add("light " + std::to_string(round), 1, 1);
        names.add("heavy " + std::to_string(round % 5), 1, 100 + round % 5);
        ASSERT_LE(names.size(), 100);
    }
    const auto top = names.top(5);
    EXPECT_EQ(top.front().name, "heavy 4");
    EXPECT_EQ(top.front().bytes, 20'000 * 104);
    EXPECT_EQ(top.back().name, "heavy 0");
    EXPECT_FALSE(names.exact());
}

}  // namespace
}  // namespace tti::memory
