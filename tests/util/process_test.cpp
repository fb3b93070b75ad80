#include "util/process.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/error.hpp"

namespace tti::util {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

Program shell(const std::string& script) {
    return {{"/bin/sh", "-c", script}, {"PATH=/usr/bin:/bin", "GREETING=hello"}};
}

class StopNow final : public Stop {
  public:
    StopNow() : descriptor_(eventfd(1, EFD_CLOEXEC)) {}
    ~StopNow() override { close(descriptor_); }
    bool requested() override { return true; }
    [[nodiscard]] int descriptor() const override { return descriptor_; }

  private:
    int descriptor_;
};

TEST(Run, TellsOutputAndExitCode) {
    NeverStop stop;
    const auto finished = run(shell("echo out; echo err >&2; exit 7"), stop);
    EXPECT_EQ(finished.exit_code, 7);
    EXPECT_EQ(finished.output, "out\nerr\n");
}

TEST(Run, CountsSignalsAsShellsDo) {
    NeverStop stop;
    EXPECT_EQ(run(shell("kill -KILL $$"), stop).exit_code, 128 + SIGKILL);
}

TEST(Run, GivesOnlyTheEnvironmentThatIsNamed) {
    setenv("TTI_TEST_SECRET", "hidden", 1);
    NeverStop stop;
    const auto output = run(shell("env; pwd"), stop).output;
    EXPECT_THAT(output, HasSubstr("GREETING=hello\n"));
    EXPECT_THAT(output, Not(HasSubstr("hidden")));
    EXPECT_THAT(output, HasSubstr("/\n"));
}

TEST(Run, GivesSignalsBackThatWeBlock) {
    sigset_t blocked;
    sigset_t before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    NeverStop stop;
    EXPECT_EQ(run(shell("kill -TERM $$; exit 0"), stop).exit_code, 128 + SIGTERM);
    sigprocmask(SIG_SETMASK, &before, nullptr);
}

TEST(Run, SaysWhatCannotBeStarted) {
    NeverStop stop;
    try {
        run({{"/nowhere/program"}}, stop);
        FAIL() << "started a program that is not there";
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "cannot start /nowhere/program: No such file or directory");
    }
}

TEST(Run, EndsWhatRunsWhenAsked) {
    StopNow stop;
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THROW(run(shell("sleep 30"), stop), InterruptedError);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST(Run, LeavesADescriptorThatItsChildrenKeep) {
    NeverStop stop;
    const int file = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 100);  // high: the shell opens low ones itself
    auto program = shell("ls -1 /proc/self/fd | grep -cx " + std::to_string(file));
    EXPECT_EQ(run(program, stop).output, "0\n");
    program.keeps = file;
    EXPECT_EQ(run(program, stop).output, "1\n");
    close(file);
}

TEST(Run, DropsPrivileges) {
    if (geteuid() != 0) {
        GTEST_SKIP() << "only root can run programs as others";
    }
    NeverStop stop;
    auto program = shell("id -u; id -G");
    program.account = account_named("nobody");
    ASSERT_TRUE(program.account);
    EXPECT_EQ(run(program, stop).output, "65534\n65534\n");
}

TEST(StartDaemon, IsNobodysChildHereAndWritesItsLog) {
    const auto log = std::filesystem::temp_directory_path() / ("tti-daemon-" + std::to_string(getpid()));
    const pid_t process = start_daemon(shell("echo started; ps -o sid= -p $$ | tr -d ' '; sleep 60"), log);
    EXPECT_EQ(kill(process, 0), 0);
    std::string text;
    for (int attempt = 0; attempt < 200 && text.size() < 10; ++attempt) {
        std::this_thread::sleep_for(10ms);
        std::ostringstream content;
        content << std::ifstream(log).rdbuf();
        text = content.str();
    }
    EXPECT_THAT(text, HasSubstr("started\n"));
    EXPECT_NE(getsid(process), getsid(0));
    EXPECT_EQ(kill(process, SIGKILL), 0);
    std::filesystem::remove(log);
}

TEST(StartDaemon, SaysWhatCannotBeStarted) {
    const auto log = std::filesystem::temp_directory_path() / ("tti-daemon-" + std::to_string(getpid()));
    EXPECT_THROW(start_daemon({{"/nowhere/program"}}, log), Error);
    std::filesystem::remove(log);
}

TEST(RunWithStreams, FeedsAndDrainsMoreThanAnyBufferHolds) {
    NeverStop stop;
    constexpr int portions = 300;
    const std::string portion(10'000, 'x');
    int fed = 0;
    std::size_t came = 0;
    const auto finished = run(shell("cat; echo said >&2; exit 3"),
                              {.output = [&](std::string_view bytes) { came += bytes.size(); },
                               .input =
                                   [&](std::string& bytes) {
                                       bytes = portion;
                                       return ++fed <= portions;
                                   }},
                              stop);
    EXPECT_EQ(came, portions * portion.size());
    EXPECT_EQ(finished.output, "said\n");
    EXPECT_EQ(finished.exit_code, 3);
}

TEST(RunWithStreams, SurvivesAProgramThatReadsNothing) {
    NeverStop stop;
    const auto finished = run(shell("exec <&-; echo enough >&2; exit 1"),
                              {.input =
                                   [](std::string& bytes) {
                                       bytes.assign(1 << 20, 'x');
                                       return true;
                                   }},
                              stop);
    EXPECT_EQ(finished.exit_code, 1);
    EXPECT_EQ(finished.output, "enough\n");
}

TEST(RunWithStreams, EndsTheProgramWhereAStreamThrows) {
    NeverStop stop;
    const auto start = std::chrono::steady_clock::now();
    EXPECT_THROW(run(shell("echo one; sleep 100 & wait"),
                     {.output = [](std::string_view) { throw RefusedError("the disk is full"); }}, stop),
                 RefusedError);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 50s);
}

TEST(RunWithStreams, EndsTheProgramOnRequest) {
    StopNow stop;
    EXPECT_THROW(run(shell("sleep 100"), Streams{}, stop), InterruptedError);
}

}  // namespace
}  // namespace tti::util
