#pragma once

#include <chrono>
#include <cstdint>

#include "key_space/session.hpp"
#include "network_server/stream_state.hpp"
#include "operation/operation.hpp"

namespace tti::network_server {

// Downlink tasks in the stream of what is ready that no worker will ever process: delivered and not pending
// (a worker that is done deletes its entry; one that leaves takes its pending entries with it), or pending
// for longer than any worker works.
// They are queued again, so that the device's downlinks are looked at; or are of no use any more, since the
// device waits for its turn anyway or has no record.
struct LostTasks {
    std::int64_t queued = 0;
    std::int64_t obsolete = 0;
    std::int64_t unseen = 0;  // behind the first ten thousand entries; at most so many
};
LostTasks count_lost_tasks(key_space::Session& session, const StreamState& ready,
                           std::chrono::milliseconds dead_after);

struct RescuedTasks {
    std::int64_t queued = 0;
    std::int64_t obsolete = 0;
};
// Nothing is done where one of the streams lacks the stack's consumer group, or has another.
RescuedTasks rescue_lost_tasks(key_space::Session& session, std::chrono::milliseconds dead_after,
                               operation::StepContext& step);

}  // namespace tti::network_server
