#include "ecs/stop_task.hpp"

#include <fmt/format.h>

#include "cli/progress_meter.hpp"
#include "cli/relay_reader.hpp"
#include "ecs/schedule.hpp"
#include "ecs/task_log.hpp"
#include "ecs/trouble.hpp"

namespace tti::ecs {
namespace {

// Remembers where a run was.
class LastPlace final : public operation::Reporter {
  public:
    void log(operation::Level /*level*/, std::string_view /*message*/,
             const nlohmann::json& /*fields*/) override {}
    void plan(const operation::Plan& /*plan*/, bool /*dry_run*/) override {}
    void progress(const operation::Progress& progress) override {
        text_ = "at step " + progress.step;
        if (progress.total > 0) {
            text_ += fmt::format(", {} of {} {}", cli::with_thousands(progress.done),
                                 cli::with_thousands(progress.total), progress.unit);
        }
    }
    void step_done(const operation::Step& step, const operation::Amounts& /*counts*/,
                   std::chrono::milliseconds /*took*/) override {
        text_ = "after step " + step.name;
    }
    void result(std::string_view /*text*/, const nlohmann::json& /*data*/) override {}
    void error(const Error& /*error*/) override {}

    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::string text_;
};

}  // namespace

LogEnd read_log_end(std::span<const aws::LogEvent> events) {
    LogEnd end;
    LastPlace place;
    for (const auto& event : events) {
        const auto line = cli::parse_relayed(event.message);
        if (!line) continue;
        end.numbered = true;
        end.complete = end.complete || line->exit_code().has_value();
        cli::replay(*line, place);
    }
    end.place = place.text();
    return end;
}

aws::Task StopTask::look() {
    const auto& cluster = deployment_.where().cluster;
    auto task = aws::describe_task(deployment_.ecs(), cluster, task_id_);
    if (task) return std::move(*task);
    throw UsageError(fmt::format("ECS knows no task {} in cluster {}", task_id_, cluster),
                     fmt::format("tti-lw-stack ecs tasks {} shows those that run.", deployment_.flag()));
}

Stopped StopTask::operator()(const std::string& reason) {
    aws::stop_task(deployment_.ecs(), deployment_.where().cluster, task_id_, reason);
    reporter_.log(operation::Level::info,
                  fmt::format("Task {} is asked to end, which it does at its next safe point", task_id_));
    const auto task = wait_for_end();
    return {ending_of(task, std::nullopt), place_in_log(task)};
}

aws::Task StopTask::wait_for_end() {
    Trouble trouble(reporter_, deployment_.session().credentials(), clock_);
    const auto begin = clock_.now();
    for (;;) {
        std::optional<aws::Task> task;
        const bool answered = trouble.answers([&] { task = look(); });
        if (task && is_over(*task)) return std::move(*task);
        const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - begin);
        clock_.wait(answered ? pause_before_status("RUNNING", waited) : trouble.pause(), stop_);
    }
}

// What it told last may come some seconds after its end.
std::string StopTask::place_in_log(const aws::Task& task) {
    constexpr int most_looks = 15;
    constexpr int lines = 200;
    constexpr std::chrono::seconds between{1};
    try {
        const auto place =
            log_place(aws::describe_task_definition(deployment_.ecs(), task.task_definition_arn),
                      deployment_.session().region());
        if (!place) return {};
        auto logs = deployment_.session().service("logs", place->region);
        LogEnd end;
        for (int look = 0; look < most_looks; ++look) {
            end = read_log_end(aws::last_log_events(logs, place->group, place->stream(task_id_), lines));
            if (end.complete || !end.numbered) break;
            clock_.wait(between, stop_);
        }
        return end.place;
    } catch (const InterruptedError&) {
        throw;
    } catch (const Error&) {
        return {};  // how it ended is known without its log
    }
}

}  // namespace tti::ecs
