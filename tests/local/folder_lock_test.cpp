#include "local/folder_lock.hpp"

#include <future>
#include <optional>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "temporary_folder.hpp"
#include "util/error.hpp"

namespace tti::local {
namespace {

using namespace std::chrono_literals;

class Lock : public ::testing::Test {
  protected:
    const test::TemporaryFolder folder_;
    const Site site_{{folder_.path()}, util::account_of(geteuid())};
    util::NeverStop stop_;
};

TEST_F(Lock, IsHeldByOne) {
    const FolderLock first(site_, 0s, stop_);
    EXPECT_THROW(FolderLock(site_, 10ms, stop_), LockedError);
}

TEST_F(Lock, IsFreeAfterItsOwner) {
    { const FolderLock first(site_, 0s, stop_); }
    EXPECT_NO_THROW(FolderLock(site_, 0s, stop_));
}

TEST_F(Lock, IsTakenByOneThatWaits) {
    auto first = std::make_unique<FolderLock>(site_, 0s, stop_);
    auto second = std::async(std::launch::async, [&] { const FolderLock lock(site_, 10s, stop_); });
    std::this_thread::sleep_for(20ms);
    first.reset();
    EXPECT_NO_THROW(second.get());
}

TEST_F(Lock, DoesNotCountOnAFileThatWasRemoved) {
    const FolderLock first(site_, 0s, stop_);
    std::filesystem::remove(site_.layout.lock());
    const FolderLock second(site_, 0s, stop_);
    EXPECT_THROW(FolderLock(site_, 10ms, stop_), LockedError);
}

}  // namespace
}  // namespace tti::local
