#pragma once

#include <string>

#include "util/error.hpp"

namespace tti::postgres {

// What the server said of a failed statement. https://www.postgresql.org/docs/15/errcodes-appendix.html
struct Diagnostics {
    std::string sqlstate;  // five characters
    std::string message;
    std::string detail;
    std::string hint;
    std::string schema;
    std::string table;
    std::string column;
    std::string constraint;
};

// A statement that the server refused; the subclasses are those that callers treat apart.
class ServerError : public Error {
  public:
    // `context` is the connection's context word.
    ServerError(const std::string& context, Diagnostics diagnostics, ExitCode code = ExitCode::unexpected);
    [[nodiscard]] const Diagnostics& diagnostics() const { return diagnostics_; }

  private:
    Diagnostics diagnostics_;
};

struct UniqueViolation : ServerError {
    using ServerError::ServerError;
};  // 23505
struct LockTimeout : ServerError {
    using ServerError::ServerError;
};  // 55P03
struct QueryCanceled : ServerError {
    using ServerError::ServerError;
};  // 57014
struct UndefinedTable : ServerError {
    using ServerError::ServerError;
};  // 42P01
struct UndefinedSchema : ServerError {
    using ServerError::ServerError;
};  // 3F000
struct InsufficientPrivilege : ServerError {
    using ServerError::ServerError;
};  // 42501
struct ReadOnlyViolation : ServerError {
    using ServerError::ServerError;
};  // 25006
struct Deadlock : ServerError {
    using ServerError::ServerError;
};  // 40P01, 40001

// The connection was refused, or lost while a statement ran (57P01 to 57P03 included).
struct ConnectionError : UnreachableError {
    using UnreachableError::UnreachableError;
};

// Throws the type that fits the SQLSTATE.
[[noreturn]] void throw_server_error(const std::string& context, Diagnostics diagnostics);

}  // namespace tti::postgres
