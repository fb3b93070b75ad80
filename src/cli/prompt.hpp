#pragma once

#include "cli/context.hpp"

namespace tti::cli {

// The person at the terminal. Asks only where both descriptors are terminals: questions go to `output`,
// answers come from `input`. A wait for an answer ends with InterruptedError when an end is asked for.
class TerminalPrompt final : public Prompt {
  public:
    TerminalPrompt(util::Stop& stop, int input, int output) : stop_(stop), input_(input), output_(output) {}

    [[nodiscard]] bool can_ask() const override;
    // True for "yes" or "y", in any case.
    bool ask(const std::string& question) override;
    Secret new_secret(const std::string& what, const std::string& flag_hint) override;

  private:
    void write(std::string_view text) const;
    std::string read_line();
    Secret read_secret(const std::string& question);

    util::Stop& stop_;
    int input_;
    int output_;
};

}  // namespace tti::cli
