#include "util/account.hpp"

#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tti::util {
namespace {

class CanEnter : public ::testing::Test {
  protected:
    CanEnter() {
        std::string name = "/tmp/tti-account-XXXXXX";
        folder_ = mkdtemp(name.data());
        owner_ = {getuid(), getgid(), {getgid()}, "owner", {}};
    }
    ~CanEnter() override { std::filesystem::remove_all(folder_); }
    void mode(mode_t bits) const { ASSERT_EQ(chmod(folder_.c_str(), bits), 0); }

    std::filesystem::path folder_;
    Account owner_;
    Account stranger_{54321, 54321, {54321}, "stranger", {}};
    Account colleague_{54322, 54322, {54322, getgid()}, "colleague", {}};
};

TEST_F(CanEnter, GoesByOwnerGroupAndOthers) {
    mode(S_IRWXU);
    EXPECT_FALSE(can_enter(stranger_, folder_));
    EXPECT_FALSE(can_enter(colleague_, folder_));
    mode(S_IRWXU | S_IXGRP);
    EXPECT_FALSE(can_enter(stranger_, folder_));
    EXPECT_TRUE(can_enter(colleague_, folder_));
    mode(S_IRWXU | S_IXOTH);
    EXPECT_TRUE(can_enter(stranger_, folder_));
    EXPECT_FALSE(can_enter(colleague_, folder_));
    EXPECT_TRUE(can_enter(owner_, folder_));
}

TEST_F(CanEnter, LooksAtEveryFolderAbove) {
    std::filesystem::create_directory(folder_ / "below");
    chmod((folder_ / "below").c_str(), S_IRWXU | S_IXOTH);
    mode(S_IRWXU);
    EXPECT_FALSE(can_enter(stranger_, folder_ / "below"));
}

TEST_F(CanEnter, TrustsFoldersThatAreNotThereYet) {
    mode(S_IRWXU | S_IXOTH);
    EXPECT_TRUE(can_enter(stranger_, folder_ / "not/yet"));
}

TEST(AccountNamed, KnowsRootAndNoStranger) {
    ASSERT_TRUE(account_named("root"));
    EXPECT_EQ(account_named("root")->user, 0U);
    EXPECT_FALSE(account_named("no-such-user-here"));
}

TEST(AccountOf, MakesOneForAnUnknownNumber) {
    const auto account = account_of(54321);
    EXPECT_EQ(account.name, "#54321");
    EXPECT_EQ(account.groups.size(), 1U);
}

}  // namespace
}  // namespace tti::util
