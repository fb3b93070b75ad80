#include <algorithm>

#include <fmt/format.h>

#include "cli/progress_meter.hpp"
#include "ecs/run_as_task.hpp"
#include "ecs/schedule.hpp"
#include "ecs/trouble.hpp"

namespace tti::ecs {
namespace {

using operation::Level;
using std::chrono::milliseconds;

class Watch {
  public:
    Watch(Deployment& deployment, const StartedTask& task, Watcher& watcher)
        : deployment_(deployment),
          task_(task),
          watcher_(watcher),
          task_trouble_(watcher.reporter, deployment.session().credentials(), watcher.clock),
          log_trouble_(watcher.reporter, deployment.session().credentials(), watcher.clock),
          begin_(now()),
          state_since_(begin_),
          last_line_(begin_),
          next_status_(begin_),
          next_log_(begin_) {
        if (task.log) {
            log_.emplace(deployment.session().service("logs", task.log->region), *task.log, task.id(),
                         watcher.reporter);
        }
    }

    Ending operator()() {
        if (task_.end_was_asked_for) interrupted();
        while (!is_over_) round();
        return finish();
    }

  private:
    [[nodiscard]] aws::Time now() const { return watcher_.clock.now(); }
    [[nodiscard]] milliseconds since(aws::Time time) const {
        return std::chrono::duration_cast<milliseconds>(now() - time);
    }

    // One round and the wait after it. A request to end interrupts either.
    void round() {
        try {
            look();
            if (!is_over_) watcher_.clock.wait(pause(), watcher_.interrupts);
        } catch (const InterruptedError&) {
            watcher_.interrupts.take();
            interrupted();
        }
    }

    void look() {
        if (wants_stop_) stop();
        end_at_limit();
        if (now() >= next_status_) look_at_task();
        if (now() >= next_log_ || is_over_) look_at_log();
    }

    [[nodiscard]] milliseconds pause() const {
        const auto next = std::min(next_status_, next_log_);
        return std::max(std::chrono::ceil<milliseconds>(next - now()), milliseconds(0));
    }

    void look_at_task() {
        std::optional<aws::Task> task;
        const bool answered = task_trouble_.answers(
            [&] { task = aws::describe_task(deployment_.ecs(), deployment_.where().cluster, task_.arn); });
        if (answered && task) {
            seen(*task);
        } else if (answered) {
            unknown();
        }
        next_status_ =
            now() + std::max(pause_before_status(status_, since(state_since_)), task_trouble_.pause());
    }

    void seen(const aws::Task& task) {
        last_seen_ = task;
        if (task.last_status != status_) {
            status_ = task.last_status;
            state_since_ = now();
            watcher_.reporter.log(Level::debug, fmt::format("Task {} is {}", task.id(), status_));
        }
        is_over_ = is_over_ || is_over(task);
    }

    // A task appears some moments after it was started, and ECS forgets one an hour after its end.
    void unknown() {
        if (!last_seen_ && since(begin_) < longest_unknown && !log_tells_end()) return;
        is_over_ = true;
        is_forgotten_ = true;
    }

    [[nodiscard]] bool log_tells_end() const { return log_ && log_->lines().exit_code(); }

    void look_at_log() {
        next_log_ = now() + pause_before_log(since(last_line_));
        if (!log_) return;
        bool any = false;
        try {
            log_trouble_.answers([&] { any = log_->read(); });
        } catch (const aws::ServiceError& error) {
            if (aws::is_expired(error.problem())) throw;
            watcher_.reporter.log(
                Level::warn,
                fmt::format("The log cannot be read, and the task is watched without it: {}", error.what()));
            log_.reset();
        }
        if (any) last_line_ = now();
        next_log_ = std::max(next_log_, now() + log_trouble_.pause());
        // Its last line comes before ECS knows of the end.
        if (log_tells_end() && !is_over_) next_status_ = std::min(next_status_, now() + 1s);
    }

    void end_at_limit() {
        if (!watcher_.limit || since(begin_) < *watcher_.limit || asked_to_stop_ || wants_stop_) return;
        request_stop(fmt::format("its time-out of {} is over", cli::short_duration(*watcher_.limit)));
    }

    void interrupted() {
        if (asked_to_stop_ || wants_stop_) leave("the task has been asked to stop, and is left to it");
        if (watcher_.on_interrupt == OnInterrupt::leave) leave("the task goes on");
        const bool can_ask = watcher_.confirmer.can_ask();
        if (!can_ask && watcher_.on_interrupt == OnInterrupt::ask_or_leave) leave("the task goes on");
        if (can_ask && !asks_to_stop()) leave("the task goes on");
        request_stop("an end was asked for");
    }

    bool asks_to_stop() {
        try {
            return watcher_.confirmer.ask(fmt::format(
                "Stop task {}, at its next safe point? With no it goes on, and you leave", task_.id()));
        } catch (const InterruptedError&) {
            leave("the task goes on");
        }
    }

    [[noreturn]] void leave(const std::string& what) const {
        throw InterruptedError(fmt::format("left task {}: {}", task_.id(), what),
                               fmt::format("Come back with: {}", attach_command(deployment_, task_.id())));
    }

    void request_stop(const std::string& why) {
        wants_stop_ = why;
        watcher_.reporter.log(
            Level::warn,
            fmt::format("Stopping task {}, since {}; it ends at its next safe point", task_.id(), why));
    }

    void stop() {
        const bool stopped = task_trouble_.answers([this] {
            aws::stop_task(deployment_.ecs(), deployment_.where().cluster, task_.arn,
                           "tti-lw-stack: " + *wants_stop_);
        });
        if (!stopped) return;
        wants_stop_.reset();
        asked_to_stop_ = true;
        next_status_ = now();
    }

    Ending finish() {
        const auto end = now();
        while (log_ && !log_->lines().is_whole() && may_be_longer(tail(end))) wait_for_lines();
        if (log_) complete_log();
        const auto told = log_ ? log_->lines().exit_code() : std::nullopt;
        if (is_forgotten_) return ending_of_forgotten(told);
        auto ending = ending_of(*last_seen_, told);
        if (!ending.error && ending.code != ExitCode::done && !told) {
            watcher_.reporter.log(Level::info, fmt::format("The command ended with exit code {}",
                                                           static_cast<int>(ending.code)));
        }
        return ending;
    }

    [[nodiscard]] Tail tail(aws::Time end) const {
        const bool never_began = last_seen_ && !last_seen_->started_at && !log_->has_stream();
        if (never_began) return {.since_end = longest_trouble};
        const auto code = last_seen_ ? ending_of(*last_seen_, std::nullopt).code : ExitCode::done;
        constexpr int signalled = 128;
        const bool was_killed = static_cast<int>(code) > signalled && code != ExitCode::interrupted;
        return {.last_line_due = log_->lines().numbered() && !was_killed && !log_tells_end(),
                .since_end = since(end),
                .quiet = std::min(since(last_line_), since(end))};
    }

    void wait_for_lines() {
        try {
            look_for_lines();
            if (log_ && !log_->lines().is_whole()) {
                watcher_.clock.wait(std::max(milliseconds(1s), log_trouble_.pause()), watcher_.interrupts);
            }
        } catch (const InterruptedError&) {
            leave("it has ended, and the end of its log may not have come");
        }
    }

    // A line that came late stands before others that have been read.
    void look_for_lines() {
        if (log_tells_end()) {
            log_trouble_.answers([this] { log_->read_missing(); });
        } else {
            look_at_log();
        }
    }

    void complete_log() {
        auto& log = *log_;
        log.show_rest();
        if (log.lines().missing() > 0) {
            tell_gap(fmt::format("{} lines of the log are missing", log.lines().missing()));
        } else if (log.lines().numbered() && !log.lines().exit_code()) {
            tell_gap("The last line of the command is not in the log");
        } else if (!log.has_stream() && last_seen_ && last_seen_->started_at) {
            tell_gap("Nothing of the command is in the log");
        }
    }

    void tell_gap(const std::string& what) {
        watcher_.reporter.log(Level::warn,
                              fmt::format("{}; should they come later: tti-lw-stack ecs logs {} {}", what,
                                          task_.id(), deployment_.flag()));
    }

    [[nodiscard]] Ending ending_of_forgotten(std::optional<ExitCode> told) const {
        if (told) return {*told, std::nullopt};
        return {
            ExitCode::unexpected,
            Error(ExitCode::unexpected,
                  fmt::format("how task {} ended is not known: ECS has no such task (any more), and its log "
                              "does not say",
                              task_.id()),
                  "ECS forgets a task an hour after its end; the command itself can be run again.")};
    }

    Deployment& deployment_;
    const StartedTask& task_;
    Watcher& watcher_;
    Trouble task_trouble_;  // apart, since one service may answer while the other does not
    Trouble log_trouble_;
    std::optional<TaskLog> log_;
    std::optional<aws::Task> last_seen_;
    std::string status_ = "PROVISIONING";
    std::optional<std::string> wants_stop_;  // why; ECS has not been told yet
    bool asked_to_stop_ = false;
    bool is_over_ = false;
    bool is_forgotten_ = false;
    aws::Time begin_;
    aws::Time state_since_;
    aws::Time last_line_;
    aws::Time next_status_;
    aws::Time next_log_;
};

}  // namespace

Ending watch_task(Deployment& deployment, const StartedTask& task, Watcher& watcher) {
    try {
        return Watch(deployment, task, watcher)();
    } catch (const InterruptedError&) {
        throw;
    } catch (const Error& error) {
        throw Error(error.code(),
                    fmt::format("task {} is no longer watched, and goes on: {}", task.id(), error.what()),
                    fmt::format("Watch it again with: {}", attach_command(deployment, task.id())));
    }
}

Ending run_as_task(Deployment& deployment, std::span<const std::string> command, Watcher& watcher) {
    const auto task = start_task(deployment, command, watcher);
    return watch_task(deployment, task, watcher);
}

}  // namespace tti::ecs
