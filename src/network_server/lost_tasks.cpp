#include "network_server/lost_tasks.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "lorawan/keys.hpp"
#include "network_server/record_index.hpp"
#include "network_server/stream_scripts.hpp"
#include "operation/failure_point.hpp"
#include "operation/runner.hpp"
#include "redis/commands.hpp"
#include "redis/error.hpp"

namespace tti::network_server {
namespace {

using lorawan::KeyKind;

constexpr std::int64_t most_counted = 10'000;
constexpr std::size_t counted_at_once = 1000;
constexpr const char* tasks_at_once = "100";

bool takes_tasks(const StreamState& stream) {
    return stream.groups.size() == 1 && stream.groups.front().name == stack_group;
}

// What rescue_lost_tasks() would do, found out by reading.
class LostTaskCount {
  public:
    LostTaskCount(key_space::Session& session, const StreamState& ready, std::chrono::milliseconds dead_after)
        : connection_(session.connection()),
          keys_(session.keys()),
          ready_(ready),
          group_(ready.groups.front()),
          dead_after_(dead_after) {}

    LostTasks all() {
        std::int64_t seen = 0;
        for (std::string from = "-"; !from.empty();) {
            if (seen >= most_counted) {
                lost_.unseen = std::max<std::int64_t>(0, ready_.length - seen);
                break;
            }
            from = page(from, seen);
        }
        return lost_;
    }

  private:
    // From where the next page begins; empty after the last.
    std::string page(const std::string& from, std::int64_t& seen) {
        const auto entries = connection_.call("XRANGE", ready_.key, from, text(group_.last_delivered),
                                              "COUNT", std::to_string(counted_at_once));
        if (entries->size() == 0) return {};
        const auto at_work = tasks_at_work(entries.view());
        std::vector<std::string> devices;
        for (std::size_t index = 0; index < entries->size(); ++index) {
            if (!at_work.contains(entries.view()[index][0].text())) {
                devices.push_back(device_of(entries.view()[index][1]));
            }
        }
        judge(devices);
        seen += static_cast<std::int64_t>(entries->size());
        return "(" + std::string(entries.view()[entries->size() - 1][0].text());
    }

    // IDs of the page that a worker may be working on.
    std::set<std::string, std::less<>> tasks_at_work(redis::ReplyView entries) {
        std::set<std::string, std::less<>> ids;
        if (group_.pending == 0) return ids;
        std::string from(entries[0][0].text());
        const auto last = entries[entries.size() - 1][0].text();
        while (true) {
            const auto pending = connection_.call("XPENDING", ready_.key, group_.name, from, last,
                                                  std::to_string(counted_at_once));
            for (std::size_t index = 0; index < pending->size(); ++index) {
                const auto item = pending.view()[index];
                if (item[2].integer() < dead_after_.count()) ids.emplace(item[0].text());
            }
            if (pending->size() < counted_at_once) return ids;
            from = "(" + std::string(pending.view()[pending->size() - 1][0].text());
        }
    }

    static std::string device_of(redis::ReplyView fields) {
        for (std::size_t field = 0; field + 1 < fields.size(); field += 2) {
            if (fields[field].text() == "payload") return std::string(fields[field + 1].text());
        }
        return {};
    }

    void judge(const std::vector<std::string>& devices) {
        if (devices.empty()) return;
        redis::Commands commands;
        for (const auto& device : devices) {
            commands.add("EXISTS", keys_.key(KeyKind::ns_device, {device}));
            commands.add("ZSCORE", keys_.key(KeyKind::ns_downlink_waiting), device);
        }
        bool has_record = false;
        connection_.pipeline(commands, [&](std::size_t index, redis::ReplyView reply) {
            if (reply.is_error()) {
                throw redis::server_error(reply.error(), "ZSCORE", connection_.target().display());
            }
            if (index % 2 == 0) {
                has_record = reply.integer() != 0;
            } else {
                ++(has_record && reply.is_nil() ? lost_.queued : lost_.obsolete);
            }
        });
    }

    redis::Connection& connection_;
    const lorawan::Keys& keys_;
    const StreamState& ready_;
    const Group& group_;
    std::chrono::milliseconds dead_after_;
    LostTasks lost_;
};

}  // namespace

LostTasks count_lost_tasks(key_space::Session& session, const StreamState& ready,
                           std::chrono::milliseconds dead_after) {
    if (!takes_tasks(ready)) return {};
    LostTasks lost;
    session.connection().repeat([&] { lost = LostTaskCount(session, ready, dead_after).all(); });
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
            std::vector<std::string_view>{stack_group, from, tasks_at_once, idle, records, now});
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
        session.pace().spent(std::stoul(tasks_at_once));
        step.safe_point();
        from = "(" + last;
    }
}

}  // namespace tti::network_server
