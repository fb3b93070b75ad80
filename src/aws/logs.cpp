#include "aws/logs.hpp"

#include "aws/json_protocol.hpp"

namespace tti::aws {

LogPage get_log_events(Service& logs, const std::string& group, const std::string& stream,
                       const std::string& from) {
    nlohmann::json request{{"logGroupName", group}, {"logStreamName", stream}, {"startFromHead", true}};
    if (!from.empty()) request["nextToken"] = from;
    LogPage page{.next = from};
    try {
        const auto answer = json_call(logs, "Logs_20140328.GetLogEvents", request);
        for (const auto& event : list_in(answer, "events")) {
            const std::chrono::milliseconds since{integer_in(event, "timestamp")};
            page.events.push_back({Time(since), text_in(event, "message")});
        }
        const auto next = text_in(answer, "nextForwardToken");
        if (!next.empty()) page.next = next;
    } catch (const ServiceError& error) {
        // Said of a group too: whether that is there can be known beforehand, and a stream's cannot.
        if (error.problem().code != "ResourceNotFoundException") throw;
        page.stream_is_there = false;
    }
    return page;
}

}  // namespace tti::aws
