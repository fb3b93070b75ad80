#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "network_server/stream_id.hpp"
#include "redis/connection.hpp"

namespace tti::network_server {

// The consumer group of every stream of the Network Server.
inline constexpr const char* stack_group = "ns";

struct Consumer {
    std::string name;
    std::int64_t pending = 0;
    std::chrono::milliseconds idle{0};
};

struct Group {
    std::string name;
    StreamId last_delivered;
    std::int64_t pending = 0;
    std::optional<StreamId> first_pending;
    // Pending, but the entry is gone; looked for among the first ten thousand. Only of count_entries().
    std::int64_t dangling = 0;
    std::optional<std::int64_t> lag;  // entries not delivered yet; Redis 7 tells it, unless it does not know
    std::vector<Consumer> consumers;
};

// A stream as the server describes it.
struct StreamState {
    std::string key;
    std::string error;  // as the server said it; then nothing else is filled
    bool exists = false;
    std::int64_t length = 0;
    StreamId last_generated;
    std::optional<StreamId> first;  // entry that is there
    std::vector<Group> groups;
    // How many entries there are up to delivered_to_all(); nothing where that could only be known by reading
    // more of them than was asked for. Only of count_entries().
    std::optional<std::int64_t> delivered;

    [[nodiscard]] const Group* group(std::string_view name) const;
    // Everything up to here was delivered to every group; nothing without a group.
    [[nodiscard]] std::optional<StreamId> delivered_to_all() const;
    [[nodiscard]] std::int64_t pending() const;
};

// In three round trips, however many they are.
std::vector<StreamState> read_streams(redis::Connection& connection, std::span<const std::string> keys);

// How far to look for what the server does not count by itself.
enum class Looking : std::uint8_t {
    far,   // ten thousand entries from either end of what was delivered
    near,  // a few, and only where some are pending: those may be all that there is
};
void count_entries(redis::Connection& connection, std::span<StreamState> streams, Looking looking);

// How many entries up to delivered_to_all() are pending in no group: what prune removes. `exact` is false
// where the server does not know how many were delivered, and the number is the most there can be.
struct DeadEntries {
    std::int64_t number = 0;
    bool exact = true;
};
DeadEntries dead_entries(const StreamState& stream);

}  // namespace tti::network_server
