#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "operation/area.hpp"
#include "operation/journal.hpp"
#include "operation/reporter.hpp"
#include "operation/run_lock.hpp"
#include "redis/connection.hpp"
#include "util/stop.hpp"

namespace tti::operation {

// A key PREFIXtti:lock:AREA with owner and expiry, kept alive by a thread with a connection of its own and
// deleted by its owner only. It holds who runs what as JSON, with step and percentage, for whoever waits. A
// killed run's lock is gone after `lock_time`; acquire() waits for that, and refuses at once only where it
// sees the lock being renewed (within about a second).
inline constexpr std::chrono::seconds lock_time{15};

// The token of the run that holds the lock of the area now; empty where none does.
std::string redis_lock_token(redis::Connection& connection, const std::string& prefix, Area area);

class RedisRunLock final : public RunLock {
  public:
    // `prefix` is the name space with its colon: "ttn:v3:".
    RedisRunLock(const redis::Target& target, const std::string& prefix, Area area, Identity identity,
                 Reporter& reporter, util::Stop& stop);
    RedisRunLock(const RedisRunLock&) = delete;
    RedisRunLock& operator=(const RedisRunLock&) = delete;
    ~RedisRunLock() override;
    // The lock of the same area below another prefix is taken too, all of them or none. Before acquire().
    void add(const std::string& prefix);
    void acquire(std::chrono::nanoseconds wait) override;

    // Shown to whoever waits.
    void progress(const std::string& step, int percent);
    // False once another has it, for example after a stall of this process longer than `lock_time`. Where
    // that is not known, the server is asked. May be called from any thread.
    [[nodiscard]] bool held() const;
    // Throws LockedError where it is not held any more. Called before each batch of writes.
    void require_held() const;
    // Names this run in the journal.
    [[nodiscard]] const std::string& token() const;

  private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace tti::operation
