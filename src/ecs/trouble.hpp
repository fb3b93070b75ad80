#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "aws/credentials.hpp"
#include "operation/reporter.hpp"
#include "util/error.hpp"

namespace tti::ecs {

// Bad answers of AWS during a watch, of which one ends nothing: they are told once, and counted until a good
// one comes. Used from one thread.
class Trouble {
  public:
    Trouble(operation::Reporter& reporter, aws::CredentialCache& credentials, aws::Clock& clock)
        : reporter_(reporter), credentials_(credentials), clock_(clock) {}

    // Whether `question` was answered. Throws what it throws where another try cannot help, and once AWS has
    // not answered for longest_trouble.
    bool answers(const std::function<void()>& question);
    // How long to wait before the next question.
    [[nodiscard]] std::chrono::milliseconds pause() const;

  private:
    void note(const Error& error);
    void forget();

    operation::Reporter& reporter_;
    aws::CredentialCache& credentials_;
    aws::Clock& clock_;
    std::optional<aws::Time> since_;
    int failures_ = 0;
};

}  // namespace tti::ecs
