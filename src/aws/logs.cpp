#include "aws/logs.hpp"

#include "aws/json_protocol.hpp"

namespace tti::aws {
namespace {

using nlohmann::json;

// Milliseconds since 1970.
Time time_in(const json& object, const char* name) {
    return Time(std::chrono::milliseconds(integer_in(object, name)));
}

std::vector<LogEvent> events_in(const json& answer) {
    std::vector<LogEvent> events;
    for (const auto& event : list_in(answer, "events")) {
        events.push_back(
            {time_in(event, "timestamp"), text_in(event, "message"), time_in(event, "ingestionTime")});
    }
    return events;
}

// Said of a group too: whether that is there can be known beforehand, and a stream's cannot.
bool is_no_stream(const ServiceError& error) {
    return error.problem().code == "ResourceNotFoundException";
}

}  // namespace

LogPage get_log_events(Service& logs, const std::string& group, const std::string& stream,
                       const std::string& from) {
    json request{{"logGroupName", group}, {"logStreamName", stream}, {"startFromHead", true}};
    if (!from.empty()) request["nextToken"] = from;
    LogPage page{.next = from};
    try {
        const auto answer = json_call(logs, "Logs_20140328.GetLogEvents", request);
        page.events = events_in(answer);
        const auto next = text_in(answer, "nextForwardToken");
        if (!next.empty()) page.next = next;
    } catch (const ServiceError& error) {
        if (!is_no_stream(error)) throw;
        page.stream_is_there = false;
    }
    return page;
}

std::vector<LogEvent> last_log_events(Service& logs, const std::string& group, const std::string& stream,
                                      int limit) {
    try {
        return events_in(json_call(logs, "Logs_20140328.GetLogEvents",
                                   {{"logGroupName", group},
                                    {"logStreamName", stream},
                                    {"startFromHead", false},
                                    {"limit", limit}}));
    } catch (const ServiceError& error) {
        if (!is_no_stream(error)) throw;
        return {};
    }
}

std::optional<LogGroup> describe_log_group(Service& logs, const std::string& name) {
    json request{{"logGroupNamePrefix", name}};
    for (;;) {
        const auto answer = json_call(logs, "Logs_20140328.DescribeLogGroups", request);
        for (const auto& group : list_in(answer, "logGroups")) {
            if (text_in(group, "logGroupName") != name) continue;
            const auto days = static_cast<int>(integer_in(group, "retentionInDays"));
            return LogGroup{name, days > 0 ? std::optional(days) : std::nullopt};
        }
        const auto next = text_in(answer, "nextToken");
        if (next.empty()) return std::nullopt;
        request["nextToken"] = next;
    }
}

}  // namespace tti::aws
