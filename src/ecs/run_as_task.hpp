#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "aws/time.hpp"
#include "ecs/deployment.hpp"
#include "ecs/ending.hpp"
#include "ecs/interrupts.hpp"
#include "ecs/task_log.hpp"
#include "operation/runner.hpp"

namespace tti::ecs {

// What a request to end means to one who watches a task.
enum class OnInterrupt {
    ask_or_stop,   // asks whether to stop the task or to leave it; where nobody can be asked, it is stopped
    ask_or_leave,  // the same, but where nobody can be asked it is left running
    leave,
};

// Who watches at this end. All of it has to outlive the watch.
struct Watcher {
    operation::Reporter& reporter;
    operation::Confirmer& confirmer;
    Interrupts& interrupts;  // those of the session's waits too
    aws::Clock& clock;
    // After it the task is stopped, at its next safe point.
    std::optional<std::chrono::milliseconds> limit = {};
    OnInterrupt on_interrupt = OnInterrupt::ask_or_stop;
};

// A task of a deployment, as it can be watched.
struct StartedTask {
    std::string arn;
    std::optional<LogPlace> log;
    bool end_was_asked_for = false;  // while it was started
    [[nodiscard]] std::string id() const { return arn.substr(arn.rfind('/') + 1); }
};

// Starts `command` (without the program's name) as a task, and tells at once where it can be seen. Its lines
// are numbered, so that watch_task shows it as if it ran here. A lost answer starts no second one. Throws
// Error with never_started where AWS refuses. AWS keeps `started_by` with the task, in at most 36 characters.
StartedTask start_task(Deployment& deployment, std::span<const std::string> command, Watcher& watcher,
                       const std::string& started_by = "tti-lw-stack");

// "0123…" of a task's ID or ARN as somebody gave it. Throws UsageError for what is none.
std::string id_of_task(const std::string& task);

// One that runs, or has run, by its ID or ARN.
StartedTask find_task(Deployment& deployment, const std::string& task, Watcher& watcher);

// Shows what the task tells, from its beginning, until it has ended. What goes wrong with AWS or the network
// meanwhile is told and tried again for a quarter of an hour. Throws InterruptedError for who leaves, Error
// where the task cannot be watched any more; it goes on in both cases.
Ending watch_task(Deployment& deployment, const StartedTask& task, Watcher& watcher);

// Both.
Ending run_as_task(Deployment& deployment, std::span<const std::string> command, Watcher& watcher);

// "tti-lw-stack ecs attach ID --ecs STACK"
std::string attach_command(const Deployment& deployment, const std::string& task_id);

}  // namespace tti::ecs
