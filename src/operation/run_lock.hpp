#pragma once

#include <chrono>

namespace tti::operation {

// Keeps a second run off the same database. It dies with its owner.
class RunLock {
  public:
    RunLock() = default;
    RunLock(const RunLock&) = delete;
    RunLock& operator=(const RunLock&) = delete;
    virtual ~RunLock() = default;

    // Polls until `wait` is over, then throws LockedError naming the holder (host, pid, task, since, step,
    // percentage).
    virtual void acquire(std::chrono::nanoseconds wait) = 0;
};

}  // namespace tti::operation
