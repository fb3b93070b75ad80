#include "timeseries/extent.hpp"

#include <gmock/gmock.h>

namespace tti::timeseries {
namespace {

using namespace std::chrono_literals;

constexpr Time begin(1700000000s);
constexpr Extent month{{begin, begin + 720h}, 12h};

std::vector<Windows::Window> all(Windows windows) {
    std::vector<Windows::Window> result;
    while (const auto window = windows.next()) result.push_back(*window);
    return result;
}

TEST(Windows, AreOneWithoutAnExtent) {
    const auto windows = all({std::nullopt, begin, false});
    ASSERT_EQ(windows.size(), 1U);
    EXPECT_FALSE(windows[0].from);
    EXPECT_FALSE(windows[0].to);
}

TEST(Windows, CoverAllTimeAndGrow) {
    const auto windows = all({month, std::nullopt, false});
    ASSERT_EQ(windows.size(), 3U);
    EXPECT_FALSE(windows[0].from);
    EXPECT_EQ(windows[0].to, begin + 48h);
    EXPECT_EQ(windows[1].from, begin + 48h);
    EXPECT_EQ(windows[1].to, begin + 240h);
    EXPECT_EQ(windows[2].from, begin + 240h);
    EXPECT_FALSE(windows[2].to);
}

TEST(Windows, GoBackFromTheNewest) {
    const auto windows = all({month, std::nullopt, true});
    ASSERT_EQ(windows.size(), 3U);
    EXPECT_FALSE(windows[0].to);
    EXPECT_EQ(windows[0].from, begin + 672h);
    EXPECT_EQ(windows[1].to, begin + 672h);
    EXPECT_FALSE(windows[2].from);
}

TEST(Windows, BeginWhereReadingDoes) {
    EXPECT_EQ(all({month, begin + 100h, false})[0].to, begin + 148h);
    EXPECT_EQ(all({month, begin + 100h, true})[0].from, begin + 52h);
    // Outside of the chunks: at their end, or over all of them.
    EXPECT_EQ(all({month, begin - 100h, false})[0].to, begin + 48h);
    EXPECT_EQ(all({month, begin + 1000h, false}).size(), 1U);
}

}  // namespace
}  // namespace tti::timeseries
