#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "redis/connection.hpp"

namespace tti::lorawan {

// The mutex that the stack's servers take around a record K: K:lock (owner, always with an expiry) and K:list
// (hand-over token). Any key has one. Not renewed: work under it must end well within 10 seconds.
inline constexpr std::chrono::milliseconds mutex_time{10000};

// Holds the mutex of one key from construction to destruction, waiting in line as the stack's servers do.
// `wait` passed without getting it: LockedError. `connection` is blocked while it waits.
class Mutex {
  public:
    Mutex(redis::Connection& connection, std::string key, std::chrono::milliseconds wait);
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;
    // Hands over to whoever waits. Nothing is left behind after a quarter of a second.
    ~Mutex();
    [[nodiscard]] const std::string& owner() const { return owner_; }

  private:
    redis::Connection& connection_;
    std::string key_;
    std::string owner_;
};
// 26 characters of Crockford's base32, the time first.
std::string make_ulid();

// What became of one item of a guarded batch.
enum class Guarded : std::uint8_t {
    done,
    changed,  // the record is not what was read any more
    busy,     // somebody holds its mutex
};

// Compare and set, many at once, in one round trip: a record is written only if nobody holds its mutex and
// its value is still the one that was read. The server runs a script whole, so while it runs it is itself the
// holder: no helper key is made, none is left, and a server of the stack that takes the mutex afterwards sees
// the new value. A record that is gone counts as changed. An expiry goes, as when the stack writes a record;
// no record has one.
struct Replacement {
    std::string key;
    std::string expected;
    std::string value;
};
std::vector<Guarded> replace_guarded(redis::Connection& connection, std::span<const Replacement> items);
// The same for what lies under a mutex that is held by `owner` (see Mutex), for items that were busy.
std::vector<Guarded> replace_guarded(redis::Connection& connection, std::span<const Replacement> items,
                                     std::string_view owner);

}  // namespace tti::lorawan
