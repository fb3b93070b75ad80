#include "cli/prompt.hpp"

#include <array>

#include <fmt/format.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include "cli/text_layout.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

// The terminal does not show what is typed while this lives.
class NoEcho {
  public:
    explicit NoEcho(int descriptor) : descriptor_(descriptor) {
        tcgetattr(descriptor_, &before_);
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(descriptor_, TCSAFLUSH, &silent);
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;
    ~NoEcho() { tcsetattr(descriptor_, TCSANOW, &before_); }

  private:
    int descriptor_;
    termios before_{};
};

}  // namespace

bool TerminalPrompt::can_ask() const {
    return isatty(input_) == 1 && isatty(output_) == 1;
}

bool TerminalPrompt::ask(const std::string& question) {
    write(printable(question) + " [yes/no] ");
    const auto answer = util::lower(util::trim(read_line()));
    return answer == "yes" || answer == "y";
}

Secret TerminalPrompt::new_secret(const std::string& what, const std::string& flag_hint) {
    if (!can_ask()) {
        throw UsageError(fmt::format("no {} was given, and there is no terminal to ask on", what),
                         fmt::format("Give it with {}.", flag_hint));
    }
    for (;;) {
        Secret first = read_secret(fmt::format("New {}: ", what));
        if (first.empty()) {
            throw UsageError(fmt::format("the {} is empty", what),
                             fmt::format("Type it, or give it with {}.", flag_hint));
        }
        const Secret second = read_secret(fmt::format("Once more, the {}: ", what));
        if (first.reveal() == second.reveal()) return first;
        write("They differ; please type both again.\n");
    }
}

Secret TerminalPrompt::read_secret(const std::string& question) {
    const NoEcho silent(input_);
    write(question);
    Secret secret(read_line());
    write("\n");
    return secret;
}

void TerminalPrompt::write(std::string_view text) const {
    while (!text.empty()) {
        const auto written = ::write(output_, text.data(), text.size());
        if (written <= 0) return;  // a terminal that is gone cannot be told so
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::string TerminalPrompt::read_line() {
    std::string line;
    // SIGINT is blocked and comes through the stop's descriptor: both are waited for.
    std::array<pollfd, 2> waiting{pollfd{input_, POLLIN, 0}, pollfd{stop_.descriptor(), POLLIN, 0}};
    for (;;) {
        poll(waiting.data(), waiting.size(), -1);
        util::throw_if_requested(stop_);
        if (waiting[0].revents == 0) continue;
        char character = 0;
        if (::read(input_, &character, 1) != 1)
            throw UsageError("the terminal was closed while it was asked");
        if (character == '\n') return line;
        line += character;
    }
}

}  // namespace tti::cli
