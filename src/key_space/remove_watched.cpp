#include "key_space/remove_watched.hpp"

#include <optional>

#include <fmt/format.h>

#include "operation/failure_point.hpp"
#include "postgres/lock_safe.hpp"
#include "util/error.hpp"

namespace tti::key_space {
namespace {

using Keys = std::span<const std::string>;

void throw_if_error(redis::Connection& connection, redis::ReplyView reply, std::string_view command) {
    if (reply.is_error()) throw redis::server_error(reply.error(), command, connection.target().display());
}

// Writes down what is there; false where nothing is.
bool write_down(redis::Connection& connection, UndoRows& undo, Keys keys) {
    redis::Commands commands;
    commands.add_list({"WATCH"}, keys);
    for (const auto& key : keys) {
        commands.add("PTTL", key);
        commands.add("DUMP", key);
    }
    bool any = false;
    std::int64_t ttl = -1;
    connection.pipeline(commands, [&](std::size_t index, redis::ReplyView reply) {
        throw_if_error(connection, reply, commands.names().at(index));
        if (index % 2 == 1) {
            ttl = reply.integer();
        } else if (index > 0 && !reply.is_nil()) {
            undo.key(keys[index / 2 - 1], ttl, reply.text());
            any = true;
        }
    });
    return any;
}

// How many went; nothing where one of the keys was changed since it was written down.
std::optional<std::int64_t> unlink_watched(redis::Connection& connection, Keys keys) {
    redis::Commands commands;
    commands.add("MULTI");
    commands.add_list({"UNLINK"}, keys);
    commands.add("EXEC");
    std::optional<std::int64_t> removed;
    connection.pipeline(commands, [&](std::size_t index, redis::ReplyView reply) {
        throw_if_error(connection, reply, commands.names().at(index));
        if (index == 2 && !reply.is_nil()) removed = reply[0].integer();
    });
    return removed;
}

std::optional<std::int64_t> try_batch(Session& session, UndoRows& undo, Keys keys) {
    auto& connection = session.connection();
    undo.begin_batch();
    try {
        if (!write_down(connection, undo, keys)) {
            undo.abandon_batch();
            connection.call("UNWATCH");
            return 0;
        }
    } catch (...) {
        undo.abandon_batch();
        throw;
    }
    operation::failure_point("before undo batch end");
    undo.end_batch();
    operation::failure_point("before unlink");
    session.require_lock();
    // From here on nobody can say what a lost connection did, so the rows stay in the file.
    const auto removed = unlink_watched(connection, keys);
    if (!removed) undo.abandon_batch();
    return removed;
}

std::int64_t remove_one(Session& session, UndoRows& undo, Keys key) {
    constexpr int tries = 20;
    constexpr std::chrono::milliseconds between_tries{50};
    for (int attempt = 0; attempt < tries; ++attempt) {
        std::optional<std::int64_t> removed;
        session.connection().repeat([&] { removed = try_batch(session, undo, key); });
        if (removed) return *removed;
        postgres::pause(session.context().stop, between_tries);
    }
    throw RefusedError(fmt::format("key {} is written to again and again while it should be removed", key[0]),
                       "Stop what writes to it, then give the same command: it continues with what is left.");
}

}  // namespace

std::int64_t remove_watched(Session& session, UndoRows& undo, Keys keys) {
    if (keys.size() == 1) return remove_one(session, undo, keys);
    std::optional<std::int64_t> removed;
    session.connection().repeat([&] { removed = try_batch(session, undo, keys); });
    if (removed) return *removed;
    const auto half = keys.size() / 2;
    return remove_watched(session, undo, keys.first(half)) +
           remove_watched(session, undo, keys.subspan(half));
}

}  // namespace tti::key_space
