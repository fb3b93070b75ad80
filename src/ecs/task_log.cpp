#include "ecs/task_log.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ecs/forms.hpp"

namespace tti::ecs {
namespace {

// A page may be empty though others follow; so many are asked for without a pause.
constexpr int most_pages = 10;

std::string option_of(const aws::ContainerDefinition& container, const std::string& name) {
    const auto found = container.log_options.find(name);
    return found == container.log_options.end() ? "" : found->second;
}

}  // namespace

std::string LogPlace::stream(const std::string& task_id) const {
    return fmt::format("{}/{}/{}", stream_prefix, container_name, task_id);
}

std::optional<LogPlace> log_place(const aws::TaskDefinition& definition, const std::string& region) {
    const auto container =
        std::ranges::find(definition.containers, container_name, &aws::ContainerDefinition::name);
    if (container == definition.containers.end() || container->log_driver != "awslogs") return std::nullopt;
    LogPlace place{.group = option_of(*container, "awslogs-group"),
                   .region = option_of(*container, "awslogs-region"),
                   .stream_prefix = option_of(*container, "awslogs-stream-prefix")};
    if (place.region.empty()) place.region = region;
    if (place.group.empty() || place.stream_prefix.empty()) return std::nullopt;
    return place;
}

TaskLog::TaskLog(aws::Service logs, LogPlace place, const std::string& task_id, operation::Reporter& reporter)
    : logs_(std::move(logs)),
      place_(std::move(place)),
      stream_(place_.stream(task_id)),
      reporter_(reporter) {}

bool TaskLog::read() {
    bool any = false;
    at_end_ = false;
    for (int pages = 0; pages < most_pages && !at_end_; ++pages) {
        const auto page = aws::get_log_events(logs_, place_.group, stream_, next_);
        has_stream_ = page.stream_is_there;
        any = show(lines_.add(page.events)) || any;
        // The end gives back where it was asked for.
        at_end_ = page.next == next_;
        next_ = page.next;
    }
    return any;
}

void TaskLog::read_missing() {
    std::string from;
    for (;;) {
        const auto page = aws::get_log_events(logs_, place_.group, stream_, from);
        show(lines_.add_again(page.events));
        if (!page.stream_is_there || page.next == from || lines_.missing() == 0) return;
        from = page.next;
    }
}

void TaskLog::show_rest() {
    show(lines_.rest());
}

bool TaskLog::show(const std::vector<LogLine>& lines) {
    for (const auto& line : lines) {
        if (const auto* relayed = std::get_if<cli::RelayedLine>(&line)) {
            told_error_ = told_error_ || relayed->event.at("event") == "error";
            if (cli::replay(*relayed, reporter_)) continue;
            reporter_.result(relayed->event.dump(), relayed->event);
        } else {
            const auto& text = std::get<std::string>(line);
            // With its end, since an empty text would be no result.
            reporter_.result(text + "\n", {{"line", text}});
        }
    }
    return !lines.empty();
}

}  // namespace tti::ecs
