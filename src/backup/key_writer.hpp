#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "backup/key_file.hpp"
#include "redis/connection.hpp"

namespace tti::backup {

// Brings keys back with RESTORE, in place of what is there under the same name. Those that have expired since
// are passed over, and removed where they are there. The server works on one batch while the next is read.
class KeyWriter {
  public:
    // `before` is called before each batch of writes; `now` is the server's time in ms.
    KeyWriter(redis::Connection& connection, std::string name_space, std::int64_t now,
              std::function<void()> before);
    // About a MiB is kept until it is sent.
    void add(const ArchivedKey& key);
    // Returns when all that was added is there. Throws RefusedError where the server does not take a payload.
    void finish();

    [[nodiscard]] std::int64_t restored() const { return restored_; }
    [[nodiscard]] std::int64_t expired() const { return expired_; }

  private:
    struct Batch {
        redis::Commands commands;
        std::shared_ptr<redis::Sent> sent;
    };
    void send();
    void receive();

    redis::Connection& connection_;
    std::string name_space_;
    std::int64_t now_;
    std::function<void()> before_;
    redis::Commands pending_;
    Batch under_way_;
    std::int64_t restored_ = 0;
    std::int64_t expired_ = 0;
};

// Adds RESTORE of the key to the commands.
void add_restore(redis::Commands& commands, std::string_view key, std::int64_t expires_at,
                 std::string_view payload, bool replace);
// What a refused RESTORE means to the operator.
[[noreturn]] void refuse_payload(std::string_view answer, const redis::Connection& connection);

}  // namespace tti::backup
