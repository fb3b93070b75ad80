#include "network_server/prune_streams.hpp"

#include <algorithm>

#include "network_server/stream_scripts.hpp"
#include "operation/failure_point.hpp"
#include "redis/commands.hpp"

namespace tti::network_server {
namespace {

// What one script call may do without holding up the server: whole nodes are cheap to remove, single entries
// are looked at one by one.
constexpr std::size_t trimmed_at_once = 10'000;
constexpr std::size_t smallest_trim = 100;  // a node of a stream
constexpr const char* entries_at_once = "500";

struct Call {
    std::string key;
    std::vector<std::string> arguments;
};

redis::Commands commands_of(const redis::Script& script, std::span<const Call> calls) {
    redis::Commands commands;
    for (const auto& call : calls) {
        const std::vector<std::string_view> arguments(call.arguments.begin(), call.arguments.end());
        script.add_to(commands, std::vector<std::string_view>{call.key}, arguments);
    }
    return commands;
}

// Everything before it is dead: delivered to every group, pending in none.
std::optional<StreamId> dead_before(const StreamState& stream) {
    const auto until = stream.delivered_to_all();
    if (!until) return std::nullopt;
    auto end = after(*until);
    for (const auto& group : stream.groups) {
        if (group.first_pending) end = std::min(end, *group.first_pending);
    }
    return end;
}

bool only_stack_group(const StreamState& stream) {
    return std::ranges::all_of(stream.groups, [](const Group& group) { return group.name == stack_group; });
}

std::int64_t dead_consumers(const StreamState& stream, const PruneOptions& options, bool pending_too) {
    const auto* group = stream.group(stack_group);
    if (group == nullptr) return 0;
    return std::ranges::count_if(group->consumers, [&](const Consumer& consumer) {
        return consumer.idle >= options.dead_after && (consumer.pending == 0 || pending_too);
    });
}

}  // namespace

void add_due(const StreamState& stream, StreamUse use, const PruneOptions& options, operation::Amounts& due,
             bool& exact) {
    const bool legacy = use == StreamUse::legacy;
    const auto* group = stream.group(stack_group);
    if (!stream.exists || (group == nullptr && (!legacy || !stream.groups.empty()))) return;
    const auto dead = dead_entries(stream);
    exact = exact && dead.exact;
    const bool pending_too = legacy && options.include_pending;
    const auto dangling = group == nullptr ? 0 : group->dangling;
    const auto going = pending_too && group != nullptr ? group->pending - dangling : 0;
    const auto left = stream.pending() - dangling - going;
    add_if_any(due, pruned::entries, dead.number);
    add_if_any(due, pruned::pending, going);
    add_if_any(due, pruned::dangling, dangling);
    const bool empties = dead.exact && stream.length == dead.number + going && left == 0;
    if (legacy && only_stack_group(stream) && empties) {
        add_if_any(due, pruned::streams, 1);
    } else {
        add_if_any(due, pruned::consumers, dead_consumers(stream, options, pending_too));
    }
}

void StreamPruner::prune(std::span<const std::string> keys, StreamUse use, operation::StepContext& step) {
    session_.require_lock();
    auto streams = usable(keys, use);
    if (acknowledge(streams, use, step)) streams = usable(keys, use);
    operation::failure_point("prune: acknowledged");
    trim(streams, step);
    operation::failure_point("prune: trimmed");
    sift(streams, step);
    operation::failure_point("prune: sifted");
    if (use == StreamUse::legacy) remove_emptied(keys, step);
    remove_consumers(streams, step);
    operation::failure_point("prune: batch");
}

void StreamPruner::drop_dangling(std::span<const std::string> keys, operation::StepContext& step) {
    acknowledge(usable(keys, StreamUse::queue), StreamUse::queue, step);
}

// Legacy streams without the stack's group were never read by it, so nothing in them is processed.
std::vector<StreamState> StreamPruner::usable(std::span<const std::string> keys, StreamUse use) {
    auto streams = read_streams(session_.connection(), keys);
    for (const auto& stream : streams) {
        if (!stream.error.empty()) failures_.add(stream.key, stream.error);
    }
    std::erase_if(streams, [use](const StreamState& stream) {
        const bool ours = stream.group(stack_group) != nullptr;
        return !stream.exists || !ours || (use == StreamUse::queue && !only_stack_group(stream));
    });
    return streams;
}

bool StreamPruner::acknowledge(std::span<const StreamState> streams, StreamUse use,
                               operation::StepContext& step) {
    const std::string all = use == StreamUse::legacy && options_.include_pending ? "1" : "0";
    std::vector<Call> calls;
    for (const auto& stream : streams) {
        const auto* group = stream.group(stack_group);
        if (group->pending == 0) continue;
        calls.push_back(
            {stream.key, {stack_group, "-", text(*stream.delivered_to_all()), entries_at_once, all}});
    }
    auto& connection = session_.connection();
    connection.use(acknowledge_script());
    bool any = false;
    while (!calls.empty()) {
        std::vector<Call> more;
        std::int64_t pending = 0;
        std::int64_t dangling = 0;
        connection.repeat([&] {
            more.clear();
            pending = dangling = 0;
            connection.pipeline(commands_of(acknowledge_script(), calls),
                                [&](std::size_t index, redis::ReplyView reply) {
                                    if (reply.is_error()) {
                                        failures_.add(calls[index].key, reply.error());
                                        return;
                                    }
                                    pending += reply[0].integer();
                                    dangling += reply[1].integer();
                                    if (reply[2].text().empty()) return;
                                    more.push_back(calls[index]);
                                    more.back().arguments[1] = "(" + std::string(reply[2].text());
                                });
        });
        count(step, pruned::pending, pending);
        count(step, pruned::dangling, dangling);
        any = any || pending + dangling > 0;
        calls = std::move(more);
        step.safe_point();
    }
    return any;
}

void StreamPruner::trim(std::span<const StreamState> streams, operation::StepContext& step) {
    const auto limit = std::max(session_.pace().batch(trimmed_at_once), smallest_trim);
    const auto most = static_cast<std::int64_t>(limit);
    std::vector<Call> calls;
    for (const auto& stream : streams) {
        const auto end = dead_before(stream);
        if (!end || stream.length == 0) continue;
        for (std::int64_t left = stream.length; left > most; left -= most) {
            calls.push_back({stream.key, {text(*end), std::to_string(limit)}});
        }
        calls.push_back({stream.key, {text(*end), ""}});
    }
    auto& connection = session_.connection();
    connection.use(trim_script());
    // All at once, unless a pace is kept.
    const auto at_once = limit < trimmed_at_once ? 1 : std::max<std::size_t>(calls.size(), 1);
    for (std::size_t start = 0; start < calls.size(); start += at_once) {
        const auto some = std::span(calls).subspan(start, std::min(at_once, calls.size() - start));
        std::int64_t removed = 0;
        connection.repeat([&] {
            removed = 0;
            connection.pipeline(commands_of(trim_script(), some),
                                [&](std::size_t index, redis::ReplyView reply) {
                                    if (reply.is_error()) {
                                        failures_.add(some[index].key, reply.error());
                                    } else {
                                        removed += std::max<std::int64_t>(0, reply.integer());
                                    }
                                });
        });
        count(step, pruned::entries, removed);
        session_.pace().spent(static_cast<std::size_t>(removed));
        step.safe_point();
    }
}

// What is dead behind the first pending entry.
void StreamPruner::sift(std::span<const StreamState> streams, operation::StepContext& step) {
    std::vector<Call> calls;
    for (const auto& stream : streams) {
        const auto end = dead_before(stream);
        const auto until = stream.delivered_to_all();
        if (stream.length == 0 || stream.pending() == 0 || !end || *until < *end) continue;
        calls.push_back({stream.key, {text(*end), text(*until), entries_at_once}});
    }
    auto& connection = session_.connection();
    connection.use(sift_script());
    while (!calls.empty()) {
        std::vector<Call> more;
        std::int64_t removed = 0;
        connection.repeat([&] {
            more.clear();
            removed = 0;
            connection.pipeline(commands_of(sift_script(), calls),
                                [&](std::size_t index, redis::ReplyView reply) {
                                    if (reply.is_error()) {
                                        failures_.add(calls[index].key, reply.error());
                                        return;
                                    }
                                    removed += reply[0].integer();
                                    if (reply[1].text().empty()) return;
                                    more.push_back(calls[index]);
                                    more.back().arguments[0] = "(" + std::string(reply[1].text());
                                });
        });
        operation::failure_point("prune: sifting");
        count(step, pruned::entries, removed);
        session_.pace().spent(static_cast<std::size_t>(removed));
        calls = std::move(more);
        step.safe_point();
    }
}

void StreamPruner::remove_emptied(std::span<const std::string> keys, operation::StepContext& step) {
    redis::Commands one;
    const std::vector<std::string_view> views(keys.begin(), keys.end());
    emptied_script().add_to(one, views, std::vector<std::string_view>{stack_group});
    auto& connection = session_.connection();
    connection.use(emptied_script());
    std::int64_t removed = 0;
    connection.repeat([&] { removed = connection.single(one)->integer(); });
    count(step, pruned::streams, removed);
}

void StreamPruner::remove_consumers(std::span<const std::string> keys, operation::StepContext& step) {
    remove_consumers(read_streams(session_.connection(), keys), step);
}

void StreamPruner::remove_consumers(std::span<const StreamState> streams, operation::StepContext& step) {
    std::vector<Call> calls;
    for (const auto& stream : streams) {
        if (dead_consumers(stream, options_, false) == 0) continue;
        calls.push_back({stream.key, {stack_group, std::to_string(options_.dead_after.count())}});
    }
    if (calls.empty()) return;
    auto& connection = session_.connection();
    connection.use(consumers_script());
    std::int64_t removed = 0;
    connection.repeat([&] {
        removed = 0;
        connection.pipeline(commands_of(consumers_script(), calls),
                            [&](std::size_t index, redis::ReplyView reply) {
                                if (reply.is_error()) {
                                    failures_.add(calls[index].key, reply.error());
                                } else {
                                    removed += reply.integer();
                                }
                            });
    });
    count(step, pruned::consumers, removed);
}

void StreamPruner::count(operation::StepContext& step, const char* what, std::int64_t number) {
    if (number == 0) return;
    add(counts_, what, number);
    step.count(what, number);
}

}  // namespace tti::network_server
