#include "network_server/stream_state.hpp"

#include <algorithm>

#include "redis/commands.hpp"

namespace tti::network_server {
namespace {

using redis::ReplyView;

constexpr const char* most_looked_at = "10000";
constexpr std::size_t entries_at_once = 256;
constexpr std::size_t counted_at_once = 512;
constexpr int most_pages = 20;

// The value of a name in a flat list of names and values; XINFO has more of them with every release.
std::optional<ReplyView> field(ReplyView map, std::string_view name) {
    for (std::size_t index = 0; index + 1 < map.size(); index += 2) {
        if (map[index].text() == name) return map[index + 1];
    }
    return std::nullopt;
}

std::int64_t number(ReplyView map, std::string_view name) {
    const auto value = field(map, name);
    return value && !value->is_nil() ? value->number() : 0;
}

StreamId id(ReplyView map, std::string_view name) {
    const auto value = field(map, name);
    return value ? parse_stream_id(value->text()) : StreamId{};
}

Group read_group(ReplyView reply) {
    Group group;
    group.name = field(reply, "name").value_or(reply).text();
    group.last_delivered = id(reply, "last-delivered-id");
    group.pending = number(reply, "pending");
    const auto lag = field(reply, "lag");
    if (lag && !lag->is_nil()) group.lag = lag->number();
    return group;
}

Consumer read_consumer(ReplyView reply) {
    return {std::string(field(reply, "name").value_or(reply).text()), number(reply, "pending"),
            std::chrono::milliseconds(number(reply, "idle"))};
}

void read_stream(StreamState& stream, std::size_t command, ReplyView reply) {
    if (reply.is_error()) {
        // A key that is gone is no failure.
        if (reply.error().find("no such key") == std::string_view::npos) stream.error = reply.error();
        return;
    }
    if (command == 0) {
        stream.exists = true;
        stream.length = number(reply, "length");
        stream.last_generated = id(reply, "last-generated-id");
        const auto first = field(reply, "first-entry");
        if (first && first->size() > 0) stream.first = parse_stream_id((*first)[0].text());
        return;
    }
    for (std::size_t index = 0; index < reply.size(); ++index) {
        stream.groups.push_back(read_group(reply[index]));
    }
}

void read_overview(redis::Connection& connection, std::vector<StreamState>& streams) {
    redis::Commands commands;
    for (const auto& stream : streams) {
        commands.add("XINFO", "STREAM", stream.key);
        commands.add("XINFO", "GROUPS", stream.key);
    }
    if (commands.empty()) return;
    connection.pipeline(commands, [&](std::size_t index, ReplyView reply) {
        read_stream(streams[index / 2], index % 2, reply);
    });
}

void read_groups(redis::Connection& connection, std::vector<StreamState>& streams) {
    redis::Commands commands;
    std::vector<Group*> groups;
    for (auto& stream : streams) {
        for (auto& group : stream.groups) {
            commands.add("XPENDING", stream.key, group.name);
            commands.add("XINFO", "CONSUMERS", stream.key, group.name);
            groups.push_back(&group);
        }
    }
    if (commands.empty()) return;
    connection.pipeline(commands, [&](std::size_t index, ReplyView reply) {
        if (reply.is_error()) return;  // gone meanwhile
        auto& group = *groups[index / 2];
        if (index % 2 == 1) {
            for (std::size_t at = 0; at < reply.size(); ++at)
                group.consumers.push_back(read_consumer(reply[at]));
        } else if (reply.size() > 1 && !reply[1].is_nil()) {
            group.pending = reply[0].integer();
            group.first_pending = parse_stream_id(reply[1].text());
        }
    });
}

// Asks for each entry that is pending whether it is there.
void count_dangling(redis::Connection& connection, const std::string& key, Group& group) {
    redis::Commands entries;
    const auto pending = connection.call("XPENDING", key, group.name, "-", "+", most_looked_at);
    const auto look = [&] {
        if (entries.empty()) return;
        connection.pipeline(entries, [&](std::size_t, ReplyView reply) {
            if (reply.is_array() && reply.size() == 0) ++group.dangling;
        });
        entries.clear();
    };
    for (std::size_t index = 0; index < pending->size(); ++index) {
        const auto id = pending.view()[index][0].text();
        entries.add("XRANGE", key, id, id, "COUNT", "1");
        if (entries.size() == entries_at_once) look();
    }
    look();
}

void read_dangling(redis::Connection& connection, std::span<StreamState> streams) {
    for (auto& stream : streams) {
        for (auto& group : stream.groups) {
            group.dangling = 0;
            if (group.pending > 0) count_dangling(connection, stream.key, group);
        }
    }
}

// Counts the entries of a range page by page from its beginning.
class Counting {
  public:
    Counting(std::string from, std::string to) : from_(std::move(from)), to_(std::move(to)) {}

    void ask(redis::Commands& commands, const std::string& key) const {
        commands.add("XRANGE", key, from_, to_, "COUNT", std::to_string(wanted_));
    }
    void read(ReplyView page) {
        number_ += static_cast<std::int64_t>(page.size());
        complete_ = page.size() < wanted_;
        wanted_ = std::min(2 * wanted_, counted_at_once);
        if (!complete_) from_ = "(" + std::string(page[page.size() - 1][0].text());
    }
    [[nodiscard]] bool complete() const { return complete_; }
    [[nodiscard]] std::int64_t number() const { return number_; }

  private:
    std::string from_;
    std::string to_;
    std::size_t wanted_ = 16;  // more each time: the short side is mostly very short
    std::int64_t number_ = 0;
    bool complete_ = false;
};

// Of a stream whose group the server has no lag of. One side of what was delivered is mostly short, so both
// are read in turn.
struct DeliveredCount {
    StreamState* stream;
    Counting delivered;
    Counting other;

    [[nodiscard]] bool complete() const { return delivered.complete() || other.complete(); }
    void finish() const {
        if (delivered.complete()) {
            stream->delivered = delivered.number();
        } else if (other.complete()) {
            stream->delivered = stream->length - other.number();
        }
    }
};

// A page of either side of each of them.
void read_pages(redis::Connection& connection, std::span<DeliveredCount> counts) {
    redis::Commands commands;
    for (const auto& count : counts) {
        count.delivered.ask(commands, count.stream->key);
        count.other.ask(commands, count.stream->key);
    }
    connection.pipeline(commands, [&](std::size_t index, ReplyView reply) {
        auto& count = counts[index / 2];
        if (reply.is_error()) return;  // of another type since it was described
        auto& side = index % 2 == 0 ? count.delivered : count.other;
        side.read(reply);
    });
}

// Those whose number is known are told, the others are returned.
std::vector<DeliveredCount> tell_known(std::span<StreamState> streams) {
    std::vector<DeliveredCount> unknown;
    for (auto& stream : streams) {
        stream.delivered.reset();
        const auto until = stream.delivered_to_all();
        if (!until) continue;
        const auto slowest = std::ranges::min_element(stream.groups, {}, &Group::last_delivered);
        if (*until >= stream.last_generated) {
            stream.delivered = stream.length;
        } else if (!stream.first || *stream.first > *until) {
            stream.delivered = 0;
        } else if (slowest->lag) {
            stream.delivered = stream.length - *slowest->lag;
        } else {
            unknown.push_back({&stream, Counting("-", text(*until)), Counting("(" + text(*until), "+")});
        }
    }
    return unknown;
}

void read_delivered(redis::Connection& connection, std::span<StreamState> streams, Looking looking) {
    auto counts = tell_known(streams);
    if (looking == Looking::near) {
        std::erase_if(counts, [](const DeliveredCount& count) { return count.stream->pending() == 0; });
    }
    const int pages = looking == Looking::far ? most_pages : 1;
    for (int page = 0; page < pages && !counts.empty(); ++page) {
        read_pages(connection, counts);
        for (const auto& count : counts) count.finish();
        std::erase_if(counts, &DeliveredCount::complete);
    }
}

}  // namespace

const Group* StreamState::group(std::string_view name) const {
    const auto found = std::ranges::find(groups, name, &Group::name);
    return found == groups.end() ? nullptr : &*found;
}

std::optional<StreamId> StreamState::delivered_to_all() const {
    if (groups.empty()) return std::nullopt;
    return std::ranges::min_element(groups, {}, &Group::last_delivered)->last_delivered;
}

std::int64_t StreamState::pending() const {
    std::int64_t sum = 0;
    for (const auto& group : groups) sum += group.pending;
    return sum;
}

std::vector<StreamState> read_streams(redis::Connection& connection, std::span<const std::string> keys) {
    std::vector<StreamState> streams;
    connection.repeat([&] {
        streams.clear();
        for (const auto& key : keys) streams.push_back({.key = key});
        read_overview(connection, streams);
        read_groups(connection, streams);
    });
    return streams;
}

void count_entries(redis::Connection& connection, std::span<StreamState> streams, Looking looking) {
    connection.repeat([&] {
        read_dangling(connection, streams);
        read_delivered(connection, streams, looking);
    });
}

DeadEntries dead_entries(const StreamState& stream) {
    if (stream.groups.empty()) return {};
    const bool exact = stream.delivered.has_value();
    const auto delivered = stream.delivered.value_or(stream.length);
    // Pending in two groups is pending once.
    std::int64_t pending = 0;
    for (const auto& group : stream.groups) pending = std::max(pending, group.pending - group.dangling);
    const auto number = std::max<std::int64_t>(0, delivered - pending);
    return {number, exact && (pending == 0 || stream.groups.size() == 1)};
}

}  // namespace tti::network_server
