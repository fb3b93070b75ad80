#include "operation/redis_run_lock.hpp"

#include <condition_variable>
#include <ctime>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "operation/holder.hpp"
#include "postgres/lock_safe.hpp"
#include "util/base32.hpp"
#include "util/random.hpp"

namespace tti::operation {
namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::json;

constexpr std::chrono::milliseconds poll_interval{250};
constexpr std::chrono::seconds renewal_interval{1};
// Before the key expires, its owner stops trusting that it is there: the server's clock began earlier.
constexpr std::chrono::seconds margin{2};
// How long held() waits for an answer of a server that is away.
constexpr std::chrono::seconds patience{30};
constexpr std::size_t token_bytes = 20;
// A holder that was not seen to renew its lock for so long was killed; the lock is waited for then.
constexpr auto longest_renewal = 3 * renewal_interval;

// Takes the locks, or renews them, where nobody else has one of them; otherwise key and value of the first
// that another has. PEXPIRE first: it works on a server whose memory is used up too.
constexpr std::string_view claim_script = R"lua(
for _, key in ipairs(KEYS) do
  local value = redis.call('GET', key)
  if value and not string.find(value, ARGV[1], 1, true) then return {key, value} end
end
for _, key in ipairs(KEYS) do
  if redis.call('PEXPIRE', key, ARGV[3]) == 0 then
    redis.call('SET', key, ARGV[2], 'PX', ARGV[3])
  else
    redis.pcall('SET', key, ARGV[2], 'PX', ARGV[3])
  end
end
return false
)lua";

constexpr std::string_view release_script = R"lua(
for _, key in ipairs(KEYS) do
  local value = redis.call('GET', key)
  if value and string.find(value, ARGV[1], 1, true) then redis.call('DEL', key) end
end
return 1
)lua";

struct Other {
    std::string key;
    std::string value;
};

std::string lock_key(const std::string& prefix, Area area) {
    return fmt::format("{}tti:lock:{}", prefix, describe(area));
}

std::string now_text() {
    return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::time(nullptr)));
}

json parse(std::string_view value) {
    auto data = json::parse(value, nullptr, false);
    return data.is_object() ? data : json::object();
}

std::string text_of(const json& data, const char* name) {
    return data.contains(name) && data[name].is_string() ? data[name].get<std::string>() : "";
}

int number_of(const json& data, const char* name) {
    return data.contains(name) && data[name].is_number_integer() ? data[name].get<int>() : 0;
}

// Nothing is known of it, where a value is none of ours.
Holder holder_in(std::string_view value) {
    const auto data = parse(value);
    return {{.user = text_of(data, "user"),
             .host = text_of(data, "host"),
             .pid = number_of(data, "pid"),
             .task = text_of(data, "task"),
             .version = text_of(data, "version"),
             .command = text_of(data, "command")},
            text_of(data, "since"),
            text_of(data, "step"),
            number_of(data, "percent")};
}

std::string describe(const Other& other) {
    const auto holder = holder_in(other.value);
    if (holder.identity.host.empty()) return fmt::format("somebody unknown, by key {}", other.key);
    return describe(holder);
}

// Tells a holder that lives from one that was killed, by when the lock would expire.
class Renewals {
  public:
    // `remaining` is the key's PTTL. One that never expires is not judged.
    void look(std::chrono::milliseconds remaining) {
        constexpr std::chrono::milliseconds gone{-2};
        if (remaining == gone) return;
        const auto expires = Clock::now() + remaining;
        first_ = std::min(first_, expires);
        seen_ = seen_ || remaining.count() < 0 ||
                expires > first_ + std::chrono::milliseconds(renewal_interval) / 2;
    }
    [[nodiscard]] bool seen() const { return seen_; }
    [[nodiscard]] bool missed() const { return !seen_ && Clock::now() - begun_ > longest_renewal; }
    // A lock that nobody renews is gone by then, so there are others who take it.
    [[nodiscard]] bool over() const { return Clock::now() - begun_ > lock_time + margin; }

  private:
    Clock::time_point begun_ = Clock::now();
    Clock::time_point first_ = Clock::time_point::max();  // when it would have expired
    bool seen_ = false;
};

}  // namespace

std::string redis_lock_token(redis::Connection& connection, const std::string& prefix, Area area) {
    const auto value = connection.call("GET", lock_key(prefix, area));
    return value->is_nil() ? "" : text_of(parse(value->text()), "token");
}

struct RedisRunLock::Implementation {
    Implementation(const redis::Target& target, const std::string& prefix, Area the_area,
                   Identity the_identity, Reporter& the_reporter, util::Stop& the_stop)
        : area(the_area),
          reporter(the_reporter),
          stop(the_stop),
          keys{lock_key(prefix, area)},
          token(util::base32(util::random_bytes(token_bytes))),
          identity(std::move(the_identity)),
          since(now_text()),
          connection(target, {.context = "run lock", .reply_timeout = std::chrono::seconds(5)}, never) {}

    [[nodiscard]] std::string value() const {
        return json{{"token", token},
                    {"user", identity.user},
                    {"host", identity.host},
                    {"pid", identity.pid},
                    {"task", identity.task},
                    {"version", identity.version},
                    {"command", identity.command},
                    {"since", since},
                    {"step", step},
                    {"percent", percent}}
            .dump(-1, ' ', false, json::error_handler_t::replace);
    }

    redis::Reply evaluate(std::string_view script, std::initializer_list<std::string_view> arguments) {
        const auto count = std::to_string(keys.size());
        std::vector<std::string_view> words{"EVAL", script, count};
        words.insert(words.end(), keys.begin(), keys.end());
        words.insert(words.end(), arguments);
        redis::Commands command;
        command.add(words);
        return connection.single(command);
    }

    // What somebody else holds; nothing where all is ours now.
    std::optional<Other> claim(const std::string& our_value) {
        const auto sent = Clock::now();
        const auto lasts = std::to_string(std::chrono::milliseconds(lock_time).count());
        const auto reply = evaluate(claim_script, {token, our_value, lasts});
        if (!reply->is_nil()) {
            const auto other = reply.view();
            return Other{std::string(other[0].text()), std::string(other[1].text())};
        }
        const std::scoped_lock guard(mutex);
        valid_until = sent + lock_time - margin;
        return std::nullopt;
    }

    std::optional<Other> claim_and_look(Renewals& renewals) {
        std::optional<Other> other;
        connection.repeat([&] { other = claim(value()); });
        if (other) renewals.look(std::chrono::milliseconds(connection.call("PTTL", other->key)->integer()));
        return other;
    }

    void keep_alive() {
        std::unique_lock guard(mutex);
        while (!ending && !lost_to) {
            changed.wait_for(guard, renewal_interval, [this] { return ending || asked; });
            if (ending) return;
            asked = false;
            const auto current = value();
            guard.unlock();
            auto other = renew(current);
            guard.lock();
            if (other) lost_to = describe(*other);
            changed.notify_all();
            // A server that is away is not asked in a tight loop by those who wait in held().
            if (!other && Clock::now() >= valid_until) changed.wait_for(guard, poll_interval);
        }
    }

    std::optional<Other> renew(const std::string& current) {
        try {
            return claim(current);
        } catch (const Error&) {
            return std::nullopt;  // tried again; held() judges by the time that has passed
        }
    }

    bool is_held() {
        std::unique_lock guard(mutex);
        const auto known = [this] { return lost_to.has_value() || Clock::now() < valid_until; };
        const auto deadline = Clock::now() + patience;
        while (thread.joinable() && !known() && Clock::now() < deadline) {
            asked = true;
            changed.notify_all();
            changed.wait_for(guard, poll_interval);
        }
        return !lost_to && Clock::now() < valid_until;
    }

    Area area;
    Reporter& reporter;
    util::Stop& stop;
    std::vector<std::string> keys;
    std::string token;
    Identity identity;
    std::string since;
    util::NeverStop never;
    redis::Connection connection;  // of the thread while that runs

    std::mutex mutex;  // guards what follows
    std::condition_variable changed;
    std::string step;
    int percent = 0;
    Clock::time_point valid_until{};
    std::optional<std::string> lost_to;
    bool asked = false;
    bool ending = false;
    std::thread thread;
};

RedisRunLock::RedisRunLock(const redis::Target& target, const std::string& prefix, Area area,
                           Identity identity, Reporter& reporter, util::Stop& stop)
    : implementation_(
          std::make_unique<Implementation>(target, prefix, area, std::move(identity), reporter, stop)) {}

RedisRunLock::~RedisRunLock() {
    auto& lock = *implementation_;
    if (!lock.thread.joinable()) return;
    {
        const std::scoped_lock guard(lock.mutex);
        lock.ending = true;
    }
    lock.changed.notify_all();
    lock.thread.join();
    try {
        lock.evaluate(release_script, {lock.token});
    } catch (const std::exception&) {
        // It expires by itself.
    }
}

void RedisRunLock::add(const std::string& prefix) {
    implementation_->keys.push_back(lock_key(prefix, implementation_->area));
}

void RedisRunLock::acquire(std::chrono::nanoseconds wait) {
    auto& lock = *implementation_;
    if (lock.thread.joinable()) return;
    const auto deadline = Clock::now() + wait;
    Renewals renewals;
    bool told = false;
    while (const auto other = lock.claim_and_look(renewals)) {
        const auto who = describe(*other);
        if (Clock::now() >= deadline && (renewals.seen() || renewals.over())) {
            throw LockedError(fmt::format("another run holds the lock of {}: {}", words(lock.area), who),
                              hint_for(holder_in(other->value)));
        }
        if (!told && (renewals.seen() || renewals.missed())) {
            told = true;
            lock.reporter.log(Level::info, renewals.seen()
                                               ? "Waiting for another run to end: " + who
                                               : "Waiting for the lock of a run that seems to have been "
                                                 "killed to expire: " +
                                                     who);
        }
        postgres::pause(lock.stop, poll_interval);
    }
    lock.thread = std::thread([&lock] { lock.keep_alive(); });
}

void RedisRunLock::progress(const std::string& step, int percent) {
    const std::scoped_lock guard(implementation_->mutex);
    implementation_->step = step;
    implementation_->percent = percent;
}

bool RedisRunLock::held() const {
    return implementation_->is_held();
}

void RedisRunLock::require_held() const {
    if (held()) return;
    const std::scoped_lock guard(implementation_->mutex);
    const auto& lost_to = implementation_->lost_to;
    throw LockedError(
        fmt::format("the lock of {} was lost{}", words(implementation_->area),
                    lost_to ? " to another run: " + *lost_to : ": the server could not be asked in time"),
        "This process was stopped for too long. Give the same command again once the other run has ended: it "
        "continues with what is not done.");
}

const std::string& RedisRunLock::token() const {
    return implementation_->token;
}

}  // namespace tti::operation
