#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "postgres/connection.hpp"
#include "util/deadline_stop.hpp"

namespace tti::postgres {

// The start of a statement for a message: no literal of it, which may be a secret, and at most 60 characters.
std::string statement_start(std::string_view statement);

// While it lives, a statement of `connection` that is slow makes it ask, on a second connection opened when
// first needed, which sessions block that statement.
class BlockerWatch {
  public:
    // `after` is how slow. `tell`, if given, is called from within the wait with who is in the way.
    BlockerWatch(Connection& connection, util::Stop& stop, std::chrono::milliseconds after,
                 std::function<void(std::string_view)> tell = {});
    BlockerWatch(const BlockerWatch&) = delete;
    BlockerWatch& operator=(const BlockerWatch&) = delete;
    ~BlockerWatch();

    // The server process of the watched connection.
    void set_process(std::int64_t process) { process_ = process; }
    // Who blocked it when last asked: `pid 7 (user app, 12s in "UPDATE users", idle in transaction)`; empty
    // when unknown.
    [[nodiscard]] const std::string& blockers() const { return blockers_; }

  private:
    void ask() noexcept;

    Connection& connection_;
    std::function<void(std::string_view)> tell_;
    util::DeadlineStop stop_;
    std::optional<Connection> second_;
    std::int64_t process_ = 0;
    std::string blockers_;
};

}  // namespace tti::postgres
