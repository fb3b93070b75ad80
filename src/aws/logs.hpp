#pragma once

#include <string>
#include <vector>

#include "aws/service.hpp"

namespace tti::aws {

struct LogEvent {
    Time time;
    std::string message;
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

}  // namespace tti::aws
