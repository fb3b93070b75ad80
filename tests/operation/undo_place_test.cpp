#include "operation/undo_place.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "util/error.hpp"

namespace tti::operation {
namespace {

TEST(UndoPlace, FollowsTheUsualPlaceForState) {
    EXPECT_EQ(default_undo_folder({{{"HOME", "/h"}}, "/"}), "/h/.local/state/tti-lw-stack/undo");
    EXPECT_EQ(default_undo_folder({{{"HOME", "/h"}, {"XDG_STATE_HOME", "/s"}}, "/"}), "/s/tti-lw-stack/undo");
    EXPECT_EQ(default_undo_folder({{}, "/"}), "");
}

TEST(UndoPlace, KnowsContainers) {
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

TEST(NamedUndoFolder, IsAFolderAndNeverAPlaceInS3) {
    settings::Surroundings surroundings;
    surroundings.working_directory = "/home/alice";
    EXPECT_EQ(named_undo_folder("undo", surroundings), "/home/alice/undo");
    EXPECT_EQ(named_undo_folder("/mnt/undo", surroundings), "/mnt/undo");
    EXPECT_THROW(named_undo_folder("", surroundings), UsageError);
    EXPECT_THROW(named_undo_folder("s3://bucket/undo", surroundings), UsageError);
}

}  // namespace
}  // namespace tti::operation
