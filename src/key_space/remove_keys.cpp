#include <algorithm>

#include "key_space/remove_unchanged.hpp"
#include "key_space/remove_watched.hpp"
#include "key_space/undo.hpp"
#include "operation/failure_point.hpp"

namespace tti::key_space {
namespace {

constexpr std::size_t unlinked_at_once = 512;
// From this size on a second DUMP costs more than a WATCH.
constexpr std::size_t large_value = std::size_t{16} << 10U;

std::int64_t unlink(Session& session, std::span<const std::string> keys) {
    redis::Commands commands;
    for (; !keys.empty(); keys = keys.subspan(std::min(unlinked_at_once, keys.size()))) {
        commands.add_list({"UNLINK"}, keys.first(std::min(unlinked_at_once, keys.size())));
    }
    auto& connection = session.connection();
    session.require_lock();
    std::int64_t removed = 0;
    connection.repeat([&] {
        removed = 0;
        connection.pipeline(commands, [&](std::size_t, redis::ReplyView reply) {
            if (reply.is_error()) {
                throw redis::server_error(reply.error(), "UNLINK", connection.target().display());
            }
            removed += reply.integer();
        });
    });
    operation::failure_point("after unlink");
    return removed;
}

}  // namespace

std::int64_t remove_keys(Session& session, UndoRows& undo, std::span<const std::string> keys) {
    if (!undo.keeps()) return keys.empty() ? 0 : unlink(session, keys);
    std::int64_t removed = 0;
    while (!keys.empty()) {
        const auto batch = keys.first(std::min(undo.keys_a_batch(), keys.size()));
        const bool large = undo.typical_bytes() >= large_value;
        removed += large ? remove_watched(session, undo, batch) : remove_unchanged(session, undo, batch);
        keys = keys.subspan(batch.size());
        operation::failure_point("after unlink");
    }
    return removed;
}

}  // namespace tti::key_space
