#pragma once

#include <stdexcept>
#include <string>

#include "util/exit_code.hpp"

namespace tti {

// What ends a command. The message is one sentence that says what and where, without a full stop; the hint is
// a whole sentence that names the next command or setting. Thrown above the parsers, caught once, in main.
class Error : public std::runtime_error {
  public:
    Error(ExitCode code, const std::string& message, std::string hint = {})
        : std::runtime_error(message), code_(code), hint_(std::move(hint)) {}

    [[nodiscard]] ExitCode code() const { return code_; }
    [[nodiscard]] const std::string& hint() const { return hint_; }

  private:
    ExitCode code_;
    std::string hint_;
};

struct UsageError : Error {
    explicit UsageError(const std::string& message, std::string hint = {})
        : Error(ExitCode::usage, message, std::move(hint)) {}
};

struct DueError : Error {
    explicit DueError(const std::string& message, std::string hint = {})
        : Error(ExitCode::due, message, std::move(hint)) {}
};

struct UnreachableError : Error {
    explicit UnreachableError(const std::string& message, std::string hint = {})
        : Error(ExitCode::unreachable, message, std::move(hint)) {}
};

struct LockedError : Error {
    explicit LockedError(const std::string& message, std::string hint = {})
        : Error(ExitCode::locked, message, std::move(hint)) {}
};

struct RefusedError : Error {
    explicit RefusedError(const std::string& message, std::string hint = {})
        : Error(ExitCode::refused, message, std::move(hint)) {}
};

struct PartlyFailedError : Error {
    explicit PartlyFailedError(const std::string& message, std::string hint = {})
        : Error(ExitCode::partly_failed, message, std::move(hint)) {}
};

struct NewerDatabaseError : Error {
    explicit NewerDatabaseError(const std::string& message, std::string hint = {})
        : Error(ExitCode::newer_database, message, std::move(hint)) {}
};

struct InterruptedError : Error {
    explicit InterruptedError(const std::string& message, std::string hint = {})
        : Error(ExitCode::interrupted, message, std::move(hint)) {}
};

}  // namespace tti
