#include "network_server/lost_tasks.hpp"

#include "lorawan/keys.hpp"
#include "network_server/record_index.hpp"
#include "network_server/stream_scripts.hpp"
#include "operation/failure_point.hpp"
#include "operation/runner.hpp"
#include "redis/commands.hpp"

namespace tti::network_server {
namespace {

using lorawan::KeyKind;

constexpr const char* most_counted = "10000";
constexpr const char* looked_at_once = "100";

bool takes_tasks(const StreamState& stream) {
    return stream.groups.size() == 1 && stream.groups.front().name == stack_group;
}

}  // namespace

LostTasks count_lost_tasks(redis::Connection& connection, const StreamState& ready,
                           std::chrono::milliseconds dead_after) {
    if (!takes_tasks(ready)) return {};
    const auto dead = dead_entries(ready);
    const auto& group = ready.groups.front();
    LostTasks lost{dead.number, dead.exact};
    if (group.pending == group.dangling) return lost;
    std::int64_t pending = 0;
    connection.repeat([&] {
        pending =
            static_cast<std::int64_t>(connection
                                          .call("XPENDING", ready.key, group.name, "IDLE",
                                                std::to_string(dead_after.count()), "-", "+", most_counted)
                                          ->size());
    });
    lost.number += pending;
    return lost;
}

RescuedTasks rescue_lost_tasks(key_space::Session& session, std::chrono::milliseconds dead_after,
                               operation::StepContext& step) {
    auto& connection = session.connection();
    const auto& keys = session.keys();
    const auto ready = keys.key(KeyKind::ns_downlink_ready);
    const auto input = keys.key(KeyKind::ns_downlink_input);
    const auto waiting = keys.key(KeyKind::ns_downlink_waiting);
    const auto states = read_streams(connection, std::vector<std::string>{ready, input});
    RescuedTasks rescued;
    if (!takes_tasks(states[0]) || !takes_tasks(states[1])) return rescued;
    connection.use(requeue_script());
    const auto idle = std::to_string(dead_after.count());
    const auto records = keys.key(KeyKind::ns_device, {""});
    std::string from = "-";
    while (true) {
        const auto now = score_of_now();
        redis::Commands one;
        requeue_script().add_to(
            one, std::vector<std::string_view>{ready, input, waiting},
            std::vector<std::string_view>{stack_group, from, looked_at_once, idle, records, now});
        std::string last;
        session.require_lock();
        connection.repeat([&] {
            const auto reply = connection.single(one);
            rescued.queued += reply.view()[0].integer();
            rescued.obsolete += reply.view()[1].integer() + reply.view()[2].integer();
            last = reply.view()[3].text();
        });
        operation::failure_point("lost tasks");
        if (last.empty()) return rescued;
        session.pace().spent(std::stoul(looked_at_once));
        step.safe_point();
        from = "(" + last;
    }
}

}  // namespace tti::network_server
