#pragma once

#include "operation/journal.hpp"
#include "operation/run_lock.hpp"

namespace tti::operation {

// For dry runs, and for what is made of commands that lock and keep a journal themselves: nothing is locked
// and nothing is written.
class NoLock final : public RunLock {
  public:
    void acquire(std::chrono::nanoseconds /*wait*/) override {}
};

class NoJournal final : public Journal {
  public:
    void begin(const Identity& /*identity*/, const std::string& /*plan_hash*/,
               const std::vector<std::string>& /*steps*/) override {}
    void progress(const std::string& /*step*/, int /*percent*/) override {}
    void finish(Outcome /*outcome*/, const Amounts& /*counts*/, const std::string& /*error*/) override {}
};

}  // namespace tti::operation
