#pragma once

#include <chrono>

#include "operation/journal.hpp"
#include "operation/operation.hpp"
#include "operation/reporter.hpp"
#include "operation/run_lock.hpp"
#include "util/stop.hpp"

namespace tti::operation {

struct RunOptions {
    bool dry_run = false;
    bool yes = false;
    std::chrono::nanoseconds wait{0};
};

// Asks the operator; a test stands in for the terminal.
class Confirmer {
  public:
    virtual ~Confirmer() = default;
    [[nodiscard]] virtual bool can_ask() const = 0;
    virtual bool ask(const std::string& question) = 0;
};

struct Parts {
    RunLock& lock;
    Journal& journal;
    Reporter& reporter;
    Confirmer& confirmer;
    util::Stop& stop;
};

// What a step may do while it runs.
class StepContext {
  public:
    virtual ~StepContext() = default;
    virtual void progress(std::string_view unit, std::int64_t done, std::int64_t total) = 0;
    virtual void count(const std::string& what, std::int64_t number) = 0;  // adds to the run's counts
    virtual void log(Level level, std::string_view message) = 0;
    virtual util::Stop& stop() = 0;
    // The end of a unit that is durable: throws InterruptedError when an end was asked for.
    virtual void safe_point() = 0;
};

// The one place that executes: lock, plan, show, refuse or confirm, journal, steps, verify, result. A dry run
// ends after the plan and takes no lock. A failed step ends the run, unless other groups are left: those
// still run, and PartlyFailedError names the failed groups at the end.
void run(Operation& operation, const RunOptions& options, const Identity& identity, Parts parts);

}  // namespace tti::operation
