#include "cli/prompt.hpp"

#include <array>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include "util/error.hpp"

namespace tti::cli {
namespace {

// A terminal whose other end the test holds.
class Terminals : public ::testing::Test {
  protected:
    void SetUp() override { ASSERT_EQ(openpty(&far_, &near_, nullptr, nullptr, nullptr), 0); }
    void TearDown() override {
        close(far_);
        close(near_);
    }
    void type(std::string_view text) const {
        ASSERT_EQ(write(far_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    // What the terminal shows, once it holds `end`.
    [[nodiscard]] std::string shown(std::string_view end) const {
        std::string text;
        while (!text.ends_with(end)) {
            std::array<char, 256> buffer{};
            const auto count = read(far_, buffer.data(), buffer.size());
            if (count <= 0) break;
            text.append(buffer.data(), static_cast<std::size_t>(count));
        }
        return text;
    }

    int far_ = -1;
    int near_ = -1;
    util::NeverStop never_;
};

TEST_F(Terminals, AgreesToNothingButYes) {
    TerminalPrompt prompt(never_, near_, near_);
    ASSERT_TRUE(prompt.can_ask());
    for (const auto* answer : {"yes\n", "y\n", " YES \n"}) {
        type(answer);
        EXPECT_TRUE(prompt.ask("Go on?")) << answer;
    }
    for (const auto* answer : {"no\n", "\n", "yess\n", "ja\n"}) {
        type(answer);
        EXPECT_FALSE(prompt.ask("Go on?")) << answer;
    }
}

// A person who types a secret when it is waited for: turning echo off drops what was typed before.
class Typist final : public util::Stop {
  public:
    Typist(int far, int near) : far_(far), near_(near) {}
    bool requested() override {
        termios settings{};
        tcgetattr(near_, &settings);
        echoed_ = echoed_ || (settings.c_lflag & ECHO) != 0;
        return false;
    }
    [[nodiscard]] int descriptor() const override {
        EXPECT_EQ(write(far_, "hush\n", 5), 5);
        return -1;
    }
    [[nodiscard]] bool echoed() const { return echoed_; }

  private:
    int far_;
    int near_;
    bool echoed_ = false;
};

TEST_F(Terminals, ReadsASecretTwiceWithoutEcho) {
    Typist typist(far_, near_);
    TerminalPrompt prompt(typist, near_, near_);
    EXPECT_EQ(prompt.new_secret("password", "--password-from").reveal(), "hush");
    EXPECT_FALSE(typist.echoed());
    EXPECT_EQ(shown("password: \r\n"), "New password: \r\nOnce more, the password: \r\n");
    termios settings{};
    tcgetattr(near_, &settings);
    EXPECT_NE(settings.c_lflag & ECHO, 0U);
}

TEST_F(Terminals, EndsAWaitWhenAnEndIsAskedFor) {
    class Requested final : public util::Stop {
      public:
        explicit Requested(int descriptor) : descriptor_(descriptor) {}
        bool requested() override { return true; }
        [[nodiscard]] int descriptor() const override { return descriptor_; }

      private:
        int descriptor_;
    };
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(pipe(pipe_ends.data()), 0);
    ASSERT_EQ(write(pipe_ends[1], "x", 1), 1);
    Requested stop(pipe_ends[0]);
    TerminalPrompt prompt(stop, near_, near_);
    EXPECT_THROW(prompt.ask("Go on?"), InterruptedError);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

TEST(Prompt, AsksNobodyWhereThereIsNoTerminal) {
    util::NeverStop never;
    const int nothing = open("/dev/null", O_RDWR);
    TerminalPrompt prompt(never, nothing, nothing);
    EXPECT_FALSE(prompt.can_ask());
    try {
        prompt.new_secret("password of user admin", "--password-from");
        ADD_FAILURE() << "nothing was thrown";
    } catch (const UsageError& error) {
        EXPECT_EQ(std::string(error.what()),
                  "no password of user admin was given, and there is no terminal to ask on");
        EXPECT_EQ(error.hint(), "Give it with --password-from.");
    }
    close(nothing);
}

}  // namespace
}  // namespace tti::cli
