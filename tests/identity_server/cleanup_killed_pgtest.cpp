#include <csignal>
#include <cstdlib>

#include <gmock/gmock.h>
#include <sys/wait.h>

#include "identity_server/cleanup_expectation.hpp"
#include "identity_server/cleanup_fixture.hpp"

namespace tti::identity_server::test {
namespace {

constexpr const char* child_uri = "TTI_TEST_CLEANUP_URI";
constexpr const char* child_folder = "TTI_TEST_CLEANUP_FOLDER";

// What a process of its own does, which a failure point ends.
TEST(CleanupChild, DISABLED_Run) {
    const Database database(std::string(std::getenv(child_uri)));
    database.run(cleanup_command(),
                 {{"yes", "true"}, {"undo-to", std::getenv(child_folder)}, {"batch", "5"}});
}

// True when the child was killed at that point.
bool killed_at(const Filled& filled, const std::string& point) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::setenv(child_uri, filled.database.uri().c_str(), 1);
        ::setenv(child_folder, filled.folder.c_str(), 1);
        ::setenv("TTI_LW_FAIL_AT", point.c_str(), 1);
        ::execl("/proc/self/exe", "child", "--gtest_also_run_disabled_tests",
                "--gtest_filter=CleanupChild.DISABLED_Run", "--gtest_brief=1", nullptr);
        ::_exit(127);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

class CleanupKilled : public testing::TestWithParam<const char*> {};

TEST_P(CleanupKilled, LeavesWholeBatchesAndContinues) {
    const Filled filled;
    const Expectation expectation(filled.database);
    const auto before = filled.digest();
    EXPECT_TRUE(killed_at(filled, GetParam()));
    const std::string torn =
        "SELECT count(*) FROM end_devices d WHERE NOT EXISTS (SELECT 1 FROM applications a WHERE"
        " a.application_id = d.application_id) OR 2 <> (SELECT count(*) FROM end_devices e WHERE "
        "e.application_id"
        " = d.application_id)";
    EXPECT_EQ(filled.database.rows(torn), "0\n");
    const auto outcome = filled.cleanup();
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(expectation.differences(), "");
    // Both files together hold everything, whichever is played back first.
    for (const auto& file : filled.undo_files()) {
        EXPECT_EQ(filled.restore(file).code, ExitCode::done) << file;
    }
    for (const auto& file : filled.undo_files()) {
        EXPECT_EQ(filled.restore(file).code, ExitCode::done) << file;
    }
    EXPECT_EQ(filled.digest(), before);
}

INSTANTIATE_TEST_SUITE_P(EveryPoint, CleanupKilled,
                         testing::Values("before step", "before cleanup commit", "before cleanup commit:4",
                                         "before cleanup commit:9", "after cleanup batch",
                                         "after cleanup batch:2", "after cleanup batch:7", "safe point:3",
                                         "after step", "after step:5"),
                         [](const auto& instance) {
                             std::string name = instance.param;
                             for (auto& letter : name) {
                                 letter =
                                     std::isalnum(static_cast<unsigned char>(letter)) != 0 ? letter : '_';
                             }
                             return name;
                         });

}  // namespace
}  // namespace tti::identity_server::test
