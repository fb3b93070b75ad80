#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/service.hpp"

namespace tti::aws {

struct LogEvent {
    Time time;
    std::string message;
    Time ingested;  // when CloudWatch got it
    bool operator==(const LogEvent&) const = default;
};

struct LogPage {
    std::vector<LogEvent> events;  // oldest first
    std::string next;              // where to go on, now or later
    bool stream_is_there =
        true;  // a stream appears with its first line, some seconds after the task has begun
};

// What came to a stream of CloudWatch Logs since `from`, which is empty for its beginning or a page's `next`.
// An empty page says nothing about the end: the same `next` is asked again later.
LogPage get_log_events(Service& logs, const std::string& group, const std::string& stream,
                       const std::string& from);

// The last lines of a stream, oldest first; none where it is not there.
std::vector<LogEvent> last_log_events(Service& logs, const std::string& group, const std::string& stream,
                                      int limit);

struct LogGroup {
    std::string name;
    std::optional<int> retention_days;  // none: kept for ever
};
// Nothing where there is no such group.
std::optional<LogGroup> describe_log_group(Service& logs, const std::string& name);

}  // namespace tti::aws
