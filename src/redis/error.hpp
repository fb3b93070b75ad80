#pragma once

#include <string>
#include <string_view>

#include "util/error.hpp"

namespace tti::redis {

// The connection failed, or was lost and could not be made again. What was under way may have been done or
// not.
struct ConnectionError : UnreachableError {
    using UnreachableError::UnreachableError;
};

// The server answered with an error. `kind` is its first word: "WRONGTYPE", "NOPERM", "OOM", "READONLY",
// "NOSCRIPT", "MOVED".
class ServerError : public Error {
  public:
    ServerError(ExitCode code, std::string kind, const std::string& message, std::string hint = {})
        : Error(code, message, std::move(hint)), kind_(std::move(kind)) {}
    [[nodiscard]] const std::string& kind() const { return kind_; }

  private:
    std::string kind_;
};

// Bytes that are not RESP, or a reply that the command cannot have.
struct ProtocolError : Error {
    explicit ProtocolError(const std::string& message)
        : Error(ExitCode::unexpected, message, "Is this address a Redis server, and nothing in between?") {}
};

// Whether an error reply is about the server, our rights or our scripts, and not about the data: the same
// command may well be right elsewhere or later.
bool concerns_server(std::string_view text);

// The exception for an error reply to `command` at `target`: NOPERM, OOM, READONLY, CROSSSLOT and their like
// get the exit code `refused` and a hint of their own. `text` is as the server sent it.
ServerError server_error(std::string_view text, std::string_view command, const std::string& target);

}  // namespace tti::redis
