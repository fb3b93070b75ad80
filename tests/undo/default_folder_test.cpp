#include "undo/default_folder.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace tti::undo {
namespace {

TEST(DefaultFolder, FollowsTheUsualPlaceForState) {
    EXPECT_EQ(default_folder({{{"HOME", "/h"}}, "/"}), "/h/.local/state/tti-lw-stack/undo");
    EXPECT_EQ(default_folder({{{"HOME", "/h"}, {"XDG_STATE_HOME", "/s"}}, "/"}), "/s/tti-lw-stack/undo");
    EXPECT_EQ(default_folder({{}, "/"}), "");
}

TEST(DefaultFolder, KnowsContainers) {
    std::string pattern = testing::TempDir() + "root-XXXXXX";
    const std::filesystem::path root = ::mkdtemp(pattern.data());
    EXPECT_FALSE(in_container({}, root));
    EXPECT_TRUE(in_container({{{"ECS_CONTAINER_METADATA_URI", "http://x"}}, "/"}, root));
    std::ofstream(root / ".dockerenv") << "";
    EXPECT_TRUE(in_container({}, root));
    std::filesystem::remove(root / ".dockerenv");
    std::filesystem::create_directories(root / "run");
    std::ofstream(root / "run/.containerenv") << "";
    EXPECT_TRUE(in_container({}, root));
    std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace tti::undo
