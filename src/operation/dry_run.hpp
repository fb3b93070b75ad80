#pragma once

#include "operation/journal.hpp"
#include "operation/run_lock.hpp"

namespace tti::operation {

// For dry runs, and for what is made of commands that lock and keep a journal themselves: nothing is locked
// and nothing is written.
class NoLock final : public RunLock {
  public:
    void acquire(std::chrono::nanoseconds) override {}
};

class NoJournal final : public Journal {
  public:
    void begin(const Identity&, const std::string&, const std::vector<std::string>&) override {}
    void progress(const std::string&, int) override {}
    void finish(Outcome, const Amounts&, const std::string&) override {}
};

}  // namespace tti::operation
