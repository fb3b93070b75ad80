#pragma once

#include <string>

#include "util/error.hpp"

namespace tti::grpc {

// Source of the numbers: gRPC, "Status codes and their use in gRPC".
enum class Status : int {
    ok = 0,
    cancelled = 1,
    unknown = 2,
    invalid_argument = 3,
    deadline_exceeded = 4,
    not_found = 5,
    already_exists = 6,
    permission_denied = 7,
    resource_exhausted = 8,
    failed_precondition = 9,
    aborted = 10,
    out_of_range = 11,
    unimplemented = 12,
    internal = 13,
    unavailable = 14,
    data_loss = 15,
    unauthenticated = 16,
};
// "NOT_FOUND"; "status 99" for a number that gRPC does not know.
std::string name(Status status);

// The server answered a call with another status than OK.
class StatusError : public Error {
  public:
    StatusError(ExitCode code, Status status, const std::string& message, std::string hint = {})
        : Error(code, message, std::move(hint)), status_(status) {}
    [[nodiscard]] Status status() const { return status_; }

  private:
    Status status_;
};

}  // namespace tti::grpc
