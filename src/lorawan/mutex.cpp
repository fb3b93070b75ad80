#include "lorawan/mutex.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "lorawan/guarded_script.hpp"
#include "redis/script.hpp"
#include "util/error.hpp"

namespace tti::lorawan {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// The stack's steps. Each may be done twice by the same owner, so that it can be repeated when the connection
// was lost before its reply came.
const redis::Script& lock_script() {
    static const redis::Script script(R"(
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    local left = redis.call('PTTL', KEYS[1])
    if left > 0 then return left end
end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 0
)");
    return script;
}

const redis::Script& take_script() {
    static const redis::Script script(R"(
local owner = redis.call('GET', KEYS[1])
if owner ~= ARGV[3] and owner ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
)");
    return script;
}

const redis::Script& release_script() {
    static const redis::Script script = guarded_script("release(KEYS[1], ARGV[1])");
    return script;
}

// Of BLPOP, for which 0 would be for ever.
std::string seconds_text(milliseconds time) {
    return std::to_string(std::chrono::duration<double>(std::max(time, milliseconds(1))).count());
}

// The attempt to get one mutex.
class Line {
  public:
    Line(redis::Connection& connection, const std::string& key, std::string_view owner)
        : connection_(connection), lock_(key + ":lock"), list_(key + ":list"), owner_(owner) {
        connection_.use(lock_script());
        connection_.use(take_script());
    }

    // Nothing where it was got, otherwise for how long whoever has it may keep it.
    std::optional<milliseconds> lock() {
        const std::array<std::string_view, 2> arguments{owner_, time_};
        const auto left = run(lock_script(), arguments);
        return left == 0 ? std::nullopt : std::optional(milliseconds(left));
    }

    // Waits for the hand-over, `most` at most; whether it was got.
    bool wait(milliseconds most) {
        redis::Commands command;
        command.add("BLPOP", list_, seconds_text(most));
        std::optional<std::string> previous;
        connection_.repeat([&] {
            const redis::Reply reply = connection_.blocking(command, most);
            previous = reply->is_nil() ? std::nullopt : std::optional(std::string(reply.view()[1].text()));
        });
        if (!previous) return false;
        const std::array<std::string_view, 3> arguments{owner_, time_, *previous};
        return run(take_script(), arguments) == 1;
    }

  private:
    std::int64_t run(const redis::Script& script, std::span<const std::string_view> arguments) {
        const std::array<std::string_view, 2> keys{lock_, list_};
        redis::Commands command;
        script.add_to(command, keys, arguments);
        std::int64_t answer = 0;
        connection_.repeat([&] { answer = connection_.single(command)->integer(); });
        return answer;
    }

    redis::Connection& connection_;
    std::string lock_;
    std::string list_;
    std::string_view owner_;
    std::string time_ = std::to_string(mutex_time.count());
};

// As the stack: the time left in whole seconds, one at least; and never past the deadline.
milliseconds time_to_wait(milliseconds left, Clock::time_point deadline) {
    const milliseconds whole =
        std::max(std::chrono::floor<std::chrono::seconds>(left), std::chrono::seconds(1));
    return std::min(whole, std::chrono::ceil<milliseconds>(deadline - Clock::now()));
}

void hand_over(redis::Connection& connection, const std::string& key, const std::string& owner) {
    connection.use(release_script());
    const std::array<std::string_view, 1> keys{key};
    const std::array<std::string_view, 1> arguments{owner};
    redis::Commands command;
    release_script().add_to(command, keys, arguments);
    connection.single(command);
}

}  // namespace

Mutex::Mutex(redis::Connection& connection, std::string key, milliseconds wait)
    : connection_(connection), key_(std::move(key)), owner_(make_ulid()) {
    const auto deadline = Clock::now() + wait;
    Line line(connection_, key_, owner_);
    while (const auto left = line.lock()) {
        if (Clock::now() >= deadline) {
            throw LockedError("another process holds the lock of " + key_,
                              "A server of the stack is at work on this record; run the command again.");
        }
        if (line.wait(time_to_wait(*left, deadline))) return;
    }
}

// Where the connection is lost, the lock ends by itself after mutex_time.
Mutex::~Mutex() {
    try {
        hand_over(connection_, key_, owner_);
    } catch (const InterruptedError&) {
        try {
            // An end was asked for, and this connection sends nothing more.
            util::NeverStop never;
            redis::Connection last(connection_.target(), {.context = "release of a lock"}, never);
            hand_over(last, key_, owner_);
        } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
        }
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
    }
}

}  // namespace tti::lorawan
