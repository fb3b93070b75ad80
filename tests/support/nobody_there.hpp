#pragma once

#include "cli/prompt.hpp"
#include "util/error.hpp"

namespace tti::test {

// A run without a terminal.
class NobodyThere final : public cli::Prompt {
  public:
    [[nodiscard]] bool can_ask() const override { return false; }
    bool ask(const std::string&) override { return false; }
    Secret new_secret(const std::string&, const std::string& hint) override {
        throw UsageError("nobody is there", hint);
    }
};

}  // namespace tti::test
