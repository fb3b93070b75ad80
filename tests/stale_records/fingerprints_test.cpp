#include "stale_records/fingerprints.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tti::stale_records {
namespace {

TEST(Fingerprints, HoldWhatWasAddedOnceEach) {
    Fingerprints set;
    for (const auto* id : {"app.a", "app.b", "app.a"}) set.add(id);
    set.seal();
    EXPECT_EQ(set.size(), 2U);
    EXPECT_TRUE(set.contains("app.a"));
    EXPECT_TRUE(set.contains("app.b"));
    EXPECT_FALSE(set.contains("app.c"));
    EXPECT_FALSE(set.contains(""));
}

TEST(Fingerprints, AreAUnionOfWhatEveryPassFound) {
    Fingerprints set;
    for (int number = 0; number < 1000; number += 2) set.add(std::to_string(number));
    set.seal();
    for (int number = 0; number < 1000; number += 3) set.add(std::to_string(number));
    set.seal();
    std::size_t expected = 0;
    for (int number = 0; number < 1000; ++number) {
        const bool wanted = number % 2 == 0 || number % 3 == 0;
        EXPECT_EQ(set.contains(std::to_string(number)), wanted) << number;
        expected += wanted ? 1 : 0;
    }
    EXPECT_EQ(set.size(), expected);
}

TEST(Fingerprints, AreFoundFarFromWhereTheyAreExpectedToo) {
    constexpr int count = 200'000;
    Fingerprints set;
    for (int number = 0; number < count; ++number) set.add(std::to_string(number));
    set.seal();
    int wrong = 0;
    for (int number = 0; number < 2 * count; ++number) {
        wrong += set.contains(std::to_string(number)) == (number < count) ? 0 : 1;
    }
    EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace tti::stale_records
