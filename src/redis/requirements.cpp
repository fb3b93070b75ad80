#include <charconv>

#include <fmt/format.h>

#include "redis/connection.hpp"
#include "redis/server_info.hpp"

namespace tti::redis {
namespace {

constexpr std::pair oldest_version{6, 2};

std::pair<int, int> version_of(std::string_view text) {
    std::pair<int, int> version{0, 0};
    const auto major = std::from_chars(text.data(), text.data() + text.size(), version.first);
    if (major.ptr < text.data() + text.size()) {
        std::from_chars(major.ptr + 1, text.data() + text.size(), version.second);
    }
    return version;
}

// As it is now where the server tells, as it was at the last connect otherwise.
Server current(Connection& connection) {
    Server server = connection.server();
    try {
        const bool replica = server.replica;
        server = parse_info(connection.call("INFO")->text());
        server.replica = server.replica || replica;
    } catch (const ServerError&) {
        // Forbidden to us: then nothing stands in the way as far as is known.
    }
    return server;
}

void check_usable(const Server& server, const std::string& where) {
    if (server.cluster) {
        throw RefusedError(
            fmt::format("{} is in cluster mode", where),
            "The Things Stack does not work with Redis Cluster; point redis.address to a server "
            "without cluster mode.");
    }
    if (!server.version.empty() && version_of(server.version) < oldest_version) {
        throw RefusedError(fmt::format("{} is Redis {}", where, server.version),
                           "The Things Stack needs Redis 6.2 or newer; upgrade the server.");
    }
    if (server.loading) {
        throw UnreachableError(fmt::format("{} is loading its data", where),
                               "Wait until the server has loaded its data, then run the same command again.");
    }
}

void check_room(const Server& server, const std::string& where) {
    const bool full = server.maxmemory > 0 && server.used_memory >= server.maxmemory;
    if (full && server.maxmemory_policy == "noeviction") {
        throw RefusedError(
            fmt::format("{} has used up its memory ({} of {} bytes)", where, server.used_memory,
                        server.maxmemory),
            "Raise maxmemory of the Redis server, or make room in it, then run the same command again.");
    }
}

// Without an answer nothing is forbidden as far as is known: an older server, or one that tells us nothing.
void check_permissions(Connection& connection, const std::string& user,
                       std::span<const std::vector<std::string>> commands, const std::string& where) {
    Commands questions;
    for (const auto& command : commands) questions.add_list({"ACL", "DRYRUN", user}, command);
    std::string forbidden;
    try {
        connection.pipeline(questions, [&](std::size_t index, ReplyView answer) {
            if (forbidden.empty() && answer.is_text() && answer.text() != "OK") {
                forbidden = commands[index].front();
            }
        });
    } catch (const ServerError&) {
        return;
    }
    if (forbidden.empty()) return;
    throw RefusedError(
        fmt::format("{} forbids {} to user {}", where, forbidden, user),
        fmt::format("Let the ACL of user {} allow this command and these keys (ACL SETUSER).", user));
}

std::string user_of(Connection& connection) {
    try {
        return std::string(connection.call("ACL", "WHOAMI")->text());
    } catch (const ServerError&) {
        return {};
    }
}

}  // namespace

void require_usable(Connection& connection) {
    check_usable(current(connection), connection.target().display());
}

void require_writable(Connection& connection, std::span<const std::vector<std::string>> commands) {
    const Server server = current(connection);
    const std::string where = connection.target().display();
    check_usable(server, where);
    if (server.replica) {
        throw RefusedError(fmt::format("{} is a replica", where),
                           "Point redis.address to the primary; a replica takes no writes.");
    }
    check_room(server, where);
    const std::string user = commands.empty() ? std::string() : user_of(connection);
    if (user.empty()) {
        return;
    }
    check_permissions(connection, user, commands, where);
}

}  // namespace tti::redis
