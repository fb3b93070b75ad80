#pragma once

#include <chrono>

#include "local/layout.hpp"
#include "util/stop.hpp"

namespace tti::local {

// Only one command at a time changes a deployment's folder. The lock ends with its owner, however that ends.
class FolderLock {
  public:
    // The folder must exist. Waits up to `wait`; throws LockedError after that, InterruptedError on request.
    FolderLock(const Site& site, std::chrono::nanoseconds wait, util::Stop& stop);
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;
    ~FolderLock();
    // Whoever inherits it holds the lock too.
    [[nodiscard]] int descriptor() const { return file_; }

  private:
    int file_ = -1;
};

}  // namespace tti::local
