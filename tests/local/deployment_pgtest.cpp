#include <csignal>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "local/deployment.hpp"
#include "local/private_file.hpp"
#include "local/process_table.hpp"
#include "sample.hpp"
#include "util/error.hpp"

namespace tti::local {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

// Each test begins with a folder that is not there.
class Deployment : public ::testing::Test {
  protected:
    test::Sample sample_;
};

TEST_F(Deployment, IsPlannedWithoutTouchingAnything) {
    const auto plan = plan_up(sample_.site);
    ASSERT_EQ(plan.steps.size(), 4U);
    EXPECT_EQ(plan.steps.front().name, "make-folder");
    EXPECT_FALSE(std::filesystem::exists(sample_.site.layout.folder));
}

TEST_F(Deployment, ComesUpOnceWhenCalledTwiceAtOnce) {
    std::optional<State> other;
    std::thread second([&] { other = sample_.up(); });
    const auto state = sample_.up();
    second.join();
    ASSERT_TRUE(other);
    EXPECT_TRUE(state.running());
    EXPECT_TRUE(other->running());
    EXPECT_NE(state.created_database, other->created_database);
    EXPECT_NE(state.created_folder, other->created_folder);
}

TEST_F(Deployment, IsMadeAnewWhereItWasHalfMade) {
    sample_.up();
    take_down(sample_.site, 10s, sample_.stop);
    const auto& layout = sample_.site.layout;
    std::filesystem::rename(layout.postgres(), layout.postgres_new());
    std::filesystem::remove_all(layout.postgres_new() / "global");
    const auto state = sample_.up();
    EXPECT_TRUE(state.running());
    EXPECT_TRUE(state.created_database);
    EXPECT_FALSE(std::filesystem::exists(layout.postgres_new()));
}

void call_and_kill(test::Sample& sample, std::chrono::milliseconds delay) {
    const pid_t call = fork();
    if (call == 0) {
        try {
            sample.up();
            _exit(0);
        } catch (const std::exception&) {
            _exit(1);
        }
    }
    std::this_thread::sleep_for(delay);
    kill(call, SIGKILL);
    int status = 0;
    waitpid(call, &status, 0);
    EXPECT_FALSE(WIFEXITED(status) && WEXITSTATUS(status) == 1) << "failed after an earlier call was killed";
}

TEST_F(Deployment, ComesUpAfterCallsThatWereKilledAnywhere) {
    for (const auto delay : {3ms, 20ms, 100ms, 300ms, 600ms, 1000ms, 2000ms}) {
        call_and_kill(sample_, delay);
    }
    EXPECT_TRUE(sample_.up().running());
    EXPECT_EQ(sample_.query("SELECT 1"), "1");
}

TEST_F(Deployment, LeavesNothingButWhatIsNotOursAfterAReset) {
    sample_.up();
    const auto& layout = sample_.site.layout;
    const auto process = sample_.postgres();
    std::ofstream(layout.folder / "notes.txt") << "mine";
    const auto plan = plan_removal(sample_.site);
    EXPECT_TRUE(plan.steps.back().destroys);
    EXPECT_THAT(plan.confirmation, HasSubstr(layout.folder.string()));
    remove_all(sample_.site, 10s, sample_.stop);
    EXPECT_FALSE(is_alive(process));
    EXPECT_EQ(read_file(layout.folder / "notes.txt"), "mine");
    std::filesystem::remove(layout.folder / "notes.txt");
    EXPECT_TRUE(std::filesystem::is_empty(layout.folder));
}

TEST_F(Deployment, RefusesAFolderOfSomebodyElse) {
    const auto& layout = sample_.site.layout;
    std::filesystem::create_directory(layout.folder);
    std::ofstream(layout.folder / "notes.txt") << "mine";
    EXPECT_THROW(sample_.up(), RefusedError);
    EXPECT_THROW(plan_up(sample_.site), RefusedError);
    EXPECT_THROW(remove_all(sample_.site, 10s, sample_.stop), DueError);
    EXPECT_EQ(read_file(layout.folder / "notes.txt"), "mine");
}

}  // namespace
}  // namespace tti::local
