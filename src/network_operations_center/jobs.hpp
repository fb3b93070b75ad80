#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "network_operations_center/session.hpp"
#include "operation/plan.hpp"

namespace tti::network_operations_center {

// While it lives, none of TimescaleDB's jobs runs on the tables: they are stopped, and those that run are
// waited for by the locks of what follows. The destructor starts exactly those again, on a connection of its
// own, whatever happened. Which they are is written down before, in table paused_jobs, so that
// a step of plan_left_over_jobs() can do it after a kill.
class PausedJobs {
  public:
    explicit PausedJobs(Session& session);
    PausedJobs(const PausedJobs&) = delete;
    PausedJobs& operator=(const PausedJobs&) = delete;
    ~PausedJobs();

  private:
    Session& session_;
    bool paused_ = false;
};

// Jobs that a killed run left stopped.
std::vector<std::int64_t> left_over_jobs(Session& session);
// Adds the step that starts them, where there are any.
void plan_left_over_jobs(operation::Plan& plan, Session& session);

// A job of TimescaleDB on these tables.
struct Job {
    std::int64_t number = 0;
    std::string work;  // "policy_retention"
    std::string table;
    bool scheduled = true;
    std::string last_run;
    std::string last_outcome;
    std::int64_t failures = 0;
};
// Nothing on native partitions.
std::vector<Job> jobs(Session& session);

}  // namespace tti::network_operations_center
