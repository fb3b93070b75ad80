#include "key_space/remove_unchanged.hpp"

#include <algorithm>

#include "key_space/remove_watched.hpp"
#include "operation/failure_point.hpp"
#include "redis/script.hpp"

namespace tti::key_space {
namespace {

using Keys = std::span<const std::string>;

// Of one round trip and one script: about a millisecond of the server's time.
constexpr std::size_t keys_at_once = 512;
constexpr std::size_t bytes_at_once = std::size_t{1} << 20U;
// Where values are larger than those before, a batch ends earlier.
constexpr std::size_t most_bytes = std::size_t{4} << 20U;
constexpr std::size_t checksum_bytes = 8;

// KEYS: keys. ARGV: of each its TTL in ms, and its mark (see below). Removes those that are as they were;
// answers how many went, and the places of those that have changed.
const redis::Script& script() {
    static const redis::Script made(R"lua(
local same, changed = {}, {}
for place, key in ipairs(KEYS) do
    local dump = redis.call('DUMP', key)
    if dump then
        local before, now = tonumber(ARGV[2 * place - 1]), redis.call('PTTL', key)
        if #dump .. ':' .. string.sub(dump, -8) == ARGV[2 * place] and (now == before or now >= 0 and now < before) then
            same[#same + 1] = key
        else
            changed[#changed + 1] = place
        end
    end
end
return {#same > 0 and redis.call('UNLINK', unpack(same)) or 0, changed}
)lua");
    return made;
}

// What tells whether a value is still the one that was written down.
std::string mark_of(std::string_view dump) {
    return std::to_string(dump.size()) + ":" +
           std::string(dump.substr(dump.size() - std::min(dump.size(), checksum_bytes)));
}

struct Written {
    std::string_view key;
    std::string ttl;
    std::string mark;
    std::size_t bytes = 0;
};

class Removal {
  public:
    Removal(Session& session, UndoRows& undo)
        : session_(session), connection_(session.connection()), undo_(undo) {
        connection_.use(script());
    }

    // As many of the first keys as make a batch; how many those are.
    std::size_t batch(Keys keys) {
        connection_.repeat([&] { attempt(keys); });
        removed_ += gone_;
        for (const auto key : changed_) {
            const std::string one(key);
            removed_ += remove_watched(session_, undo_, {&one, 1});
        }
        return looked_at_;
    }
    [[nodiscard]] std::int64_t removed() const { return removed_; }

  private:
    void attempt(Keys keys) {
        written_.clear();
        changed_.clear();
        gone_ = 0;
        undo_.begin_batch();
        try {
            write_down_first(keys);
            if (written_.empty()) return undo_.abandon_batch();
        } catch (...) {
            undo_.abandon_batch();
            throw;
        }
        operation::failure_point("before undo batch end");
        undo_.end_batch();
        operation::failure_point("before unlink");
        session_.require_lock();
        unlink();
    }

    void write_down_first(Keys keys) {
        bytes_ = 0;
        for (looked_at_ = 0; looked_at_ < keys.size() && bytes_ < most_bytes;) {
            const auto some = keys.subspan(looked_at_, std::min(keys_at_once, keys.size() - looked_at_));
            write_down(some);
            looked_at_ += some.size();
        }
    }

    void write_down(Keys keys) {
        redis::Commands commands;
        for (const auto& key : keys) {
            commands.add("PTTL", key);
            commands.add("DUMP", key);
        }
        std::int64_t ttl = -1;
        connection_.pipeline(commands, [&](std::size_t index, redis::ReplyView reply) {
            if (reply.is_error()) fail(reply, commands.names()[index]);
            if (index % 2 == 0) {
                ttl = reply.integer();
            } else if (!reply.is_nil()) {
                const auto& key = keys[index / 2];
                undo_.key(key, ttl, reply.text());
                const auto size = reply.text().size();
                bytes_ += size;
                written_.push_back({key, std::to_string(ttl), mark_of(reply.text()), size});
            }
        });
    }

    void unlink() {
        redis::Commands commands;
        std::vector<std::size_t> firsts;
        for (std::size_t first = 0; first < written_.size();) {
            firsts.push_back(first);
            first = add_call(commands, first);
        }
        connection_.pipeline(commands, [&](std::size_t call, redis::ReplyView reply) {
            if (reply.is_error()) fail(reply, "EVALSHA");
            gone_ += reply[0].integer();
            for (std::size_t index = 0; index < reply[1].size(); ++index) {
                const auto place = static_cast<std::size_t>(reply[1][index].integer()) - 1;
                changed_.push_back(written_.at(firsts[call] + place).key);
            }
        });
    }

    // One call with as many as it may have; the first of the next.
    std::size_t add_call(redis::Commands& commands, std::size_t first) {
        std::vector<std::string_view> keys;
        std::vector<std::string_view> arguments;
        std::size_t bytes = 0;
        auto next = first;
        for (; next < written_.size() && keys.size() < keys_at_once && bytes < bytes_at_once; ++next) {
            const auto& one = written_[next];
            bytes += one.bytes;
            keys.push_back(one.key);
            arguments.insert(arguments.end(), {one.ttl, one.mark});
        }
        script().add_to(commands, keys, arguments);
        return next;
    }

    void fail(redis::ReplyView reply, std::string_view command) const {
        throw redis::server_error(reply.error(), command, connection_.target().display());
    }

    Session& session_;
    redis::Connection& connection_;
    UndoRows& undo_;
    std::vector<Written> written_;
    std::size_t looked_at_ = 0;
    std::size_t bytes_ = 0;
    std::int64_t gone_ = 0;  // of this batch
    std::vector<std::string_view> changed_;
    std::int64_t removed_ = 0;
};

}  // namespace

std::int64_t remove_unchanged(Session& session, UndoRows& undo, Keys keys) {
    Removal removal(session, undo);
    while (!keys.empty()) keys = keys.subspan(removal.batch(keys));
    return removal.removed();
}

}  // namespace tti::key_space
