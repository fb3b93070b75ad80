#include "key_space/key_list.hpp"

#include <gtest/gtest.h>

namespace tti::key_space {
namespace {

std::vector<std::string> all_of(const KeyList& list, std::size_t most) {
    std::vector<std::string> keys;
    list.for_each([most] { return most; },
                  [&](std::span<const std::string> some) {
                      EXPECT_LE(some.size(), most);
                      EXPECT_FALSE(some.empty());
                      keys.insert(keys.end(), some.begin(), some.end());
                  });
    return keys;
}

TEST(KeyList, GivesBackWhatItWasGiven) {
    const std::vector<std::string> given{"ttn:v3:as:uid:app.dev",
                                         "ttn:v3:as:uid:app.device",
                                         "ttn",
                                         "",
                                         std::string("\0\xFF\n", 3),
                                         "ttn:v3:as:uid:app.dev",
                                         std::string(70'000, 'x'),
                                         std::string(70'000, 'x') + "y"};
    KeyList list;
    for (const auto& key : given) list.add(key);
    EXPECT_EQ(list.size(), 8);
    for (const std::size_t most : {1U, 3U, 100U}) EXPECT_EQ(all_of(list, most), given);
    EXPECT_TRUE(all_of({}, 10).empty());
}

TEST(KeyList, GivesBackMoreThanItKeepsInMemory) {
    KeyList list;
    std::vector<std::string> given;
    for (std::int64_t number = 0; number < 300'000; ++number) {
        given.push_back(std::to_string(number * 7919) + ":ttn:v3:as:applicationups");
        list.add(given.back());
    }
    EXPECT_EQ(all_of(list, 8'192), given);
    EXPECT_EQ(all_of(list, 8'192), given) << "a second time";
}

}  // namespace
}  // namespace tti::key_space
