#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "postgres/connection.hpp"

namespace tti::postgres {

// How long a statement may queue for a lock, and how often it is tried again. While it queues, the stack's
// own statements queue behind it, so the time-out is short and there are many tries.
struct LockPolicy {
    std::chrono::milliseconds lock_timeout{80};
    std::chrono::milliseconds first_pause{50};
    std::chrono::milliseconds longest_pause{2000};
    std::chrono::seconds give_up{300};
};

// Told after each try that timed out: who holds the lock, by process, age and statement.
using Blocked = std::function<void(std::string_view blockers, int attempt)>;

// Runs `body` in one transaction with the policy's lock_timeout, again from its start on 55P03 alone, with
// back-off and jitter. Throws LockedError naming the blockers when the policy gives up.
void with_short_locks(Connection& connection, util::Stop& stop, const LockPolicy& policy,
                      const Blocked& blocked, const std::function<void(Connection&)>& body);

// CREATE INDEX CONCURRENTLY without a lock time-out (it waits for older transactions, and blocks nobody
// meanwhile). An invalid index of that name, left by a killed run, is dropped first; a valid one is kept.
// `create_sql` creates index `name` of the current schema.
void build_index_concurrently(Connection& connection, const std::string& name, const std::string& create_sql);

// Sleeps, or throws InterruptedError as soon as an end is asked for.
void pause(util::Stop& stop, std::chrono::milliseconds duration);

}  // namespace tti::postgres
