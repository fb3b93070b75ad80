#pragma once

#include <span>
#include <string>

#include "aws/logs.hpp"
#include "ecs/deployment.hpp"
#include "ecs/ending.hpp"
#include "operation/reporter.hpp"

namespace tti::ecs {

// How a task ended that was asked to.
struct Stopped {
    Ending ending;
    std::string last_place;  // "at step index, 400 of 1,000 users"; empty where its log does not tell
};

// Asks the task to end, `reason` being shown in it afterwards, and waits until it has. One that is over
// already is told as it ended. Throws UsageError where ECS does not know it, InterruptedError where the wait
// is ended: the task ends all the same.
class StopTask {
  public:
    StopTask(Deployment& deployment, std::string task_id, operation::Reporter& reporter, aws::Clock& clock,
             util::Stop& stop)
        : deployment_(deployment),
          task_id_(std::move(task_id)),
          reporter_(reporter),
          clock_(clock),
          stop_(stop) {}

    aws::Task look();
    Stopped operator()(const std::string& reason);

  private:
    aws::Task wait_for_end();
    std::string place_in_log(const aws::Task& task);

    Deployment& deployment_;
    std::string task_id_;
    operation::Reporter& reporter_;
    aws::Clock& clock_;
    util::Stop& stop_;
};

// Where a run of this program was by the end of its log.
struct LogEnd {
    std::string place;
    bool numbered = false;  // it is a run of this program that is shown elsewhere
    bool complete = false;  // its last line is there
};
LogEnd read_log_end(std::span<const aws::LogEvent> events);

}  // namespace tti::ecs
