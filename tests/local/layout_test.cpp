#include "local/layout.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "temporary_folder.hpp"
#include "util/error.hpp"

namespace tti::local {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

settings::Surroundings surroundings(std::map<std::string, std::string> environment) {
    settings::Surroundings result;
    result.environment = std::move(environment);
    result.working_directory = "/somewhere";
    return result;
}

// A user that is nobody in particular: owns nothing, is in no group of files.
util::Account stranger() {
    return {54321, 54321, {54321}, "stranger", "/nonexistent"};
}

TEST(CandidateFolders, PreferTheDataHome) {
    EXPECT_THAT(candidate_folders(surroundings({{"XDG_DATA_HOME", "/data"}, {"HOME", "/home/a"}}), false),
                ElementsAre("/data/tti-lw-stack"));
    EXPECT_THAT(candidate_folders(surroundings({{"HOME", "/home/a"}}), false),
                ElementsAre("/home/a/.local/share/tti-lw-stack"));
}

TEST(CandidateFolders, IgnoreARelativeDataHome) {
    EXPECT_THAT(candidate_folders(surroundings({{"XDG_DATA_HOME", "data"}, {"HOME", "/home/a"}}), false),
                ElementsAre("/home/a/.local/share/tti-lw-stack"));
}

TEST(CandidateFolders, HaveTheSystemsForRoot) {
    EXPECT_THAT(candidate_folders(surroundings({{"HOME", "/home/a"}}), true),
                ElementsAre("/home/a/.local/share/tti-lw-stack", "/var/lib/tti-lw-stack"));
}

TEST(DefaultFolder, IsInTheHomeWhereTheServersCanEnterIt) {
    const test::TemporaryFolder home;
    const auto around = surroundings({{"HOME", home.path()}, {"TTI_LW_SYSTEM_DATA", "/nowhere"}});
    EXPECT_EQ(default_folder(around, true, stranger()), home.path() / ".local/share/tti-lw-stack");
}

TEST(DefaultFolder, IsTheSystemsWhereTheServersCannotEnterTheHome) {
    const test::TemporaryFolder home;
    chmod(home.path().c_str(), S_IRWXU);
    const auto around = surroundings({{"HOME", home.path()}, {"TTI_LW_SYSTEM_DATA", "/nowhere"}});
    EXPECT_EQ(default_folder(around, true, stranger()), "/nowhere/tti-lw-stack");
}

TEST(FindSite, TakesAGivenFolderFromTheWorkingDirectory) {
    EXPECT_EQ(find_site("here/../there", surroundings({})).layout.folder, "/somewhere/there");
}

TEST(FindSite, RunsServersOfAnotherUsersFolderAsThatUser) {
    if (geteuid() != 0) {
        GTEST_SKIP() << "only root works in folders of others";
    }
    const test::TemporaryFolder folder;
    ASSERT_EQ(chown(folder.path().c_str(), 54321, 54321), 0);
    const auto site = find_site(folder.path(), surroundings({}));
    EXPECT_EQ(site.servers.user, 54321U);
    ASSERT_TRUE(site.owner);
    EXPECT_EQ(site.owner->user, 54321U);
}

TEST(RequireUsable, RefusesAFolderWhoseSocketsWouldBeTooLong) {
    // "/run/.s.PGSQL.65535" has 19 bytes, and a socket's path may have 107.
    const Site fits{{"/" + std::string(87, 'a')}, util::account_of(geteuid())};
    EXPECT_NO_THROW(require_usable(fits));
    const Site too_long{{"/" + std::string(88, 'a')}, util::account_of(geteuid())};
    try {
        require_usable(too_long);
        FAIL() << "was accepted";
    } catch (const UsageError& error) {
        EXPECT_THAT(error.what(), HasSubstr("108 bytes, and the system allows 107"));
        EXPECT_THAT(error.hint(), HasSubstr("at most 88 bytes with --dir"));
    }
}

TEST(RequireUsable, RefusesAFolderThatTheServersCannotEnter) {
    const test::TemporaryFolder closed;
    chmod(closed.path().c_str(), S_IRWXU);
    const Site site{{closed.path() / "deployment"}, stranger(), true};
    try {
        require_usable(site);
        FAIL() << "was accepted";
    } catch (const UsageError& error) {
        EXPECT_THAT(error.what(), HasSubstr("stranger"));
    }
}

}  // namespace
}  // namespace tti::local
