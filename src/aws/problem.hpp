#pragma once

#include <string>

#include "http/client.hpp"

namespace tti::aws {

// What a service says when it refuses.
struct Problem {
    int status = 0;
    std::string code;      // AWS's: "AccessDeniedException"; "HTTP 503" where it says none
    std::string sentence;  // AWS's; may be empty
    std::string region;    // of S3: where the bucket is
};

// From the body in JSON or XML, or the headers.
Problem problem_of(const http::Answer& answer);

bool is_throttled(const Problem& problem);
// Of the service and for now: the same request may succeed.
bool is_passing(const Problem& problem);
bool is_expired(const Problem& problem);
bool is_forbidden(const Problem& problem);
// May come from a clock that is wrong.
bool may_be_skew(const Problem& problem);

// A service's refusal as what ends a command.
class ServiceError : public Error {
  public:
    ServiceError(ExitCode code, Problem problem, const std::string& message, std::string hint)
        : Error(code, message, std::move(hint)), problem_(std::move(problem)) {}
    [[nodiscard]] const Problem& problem() const { return problem_; }

  private:
    Problem problem_;
};

}  // namespace tti::aws
