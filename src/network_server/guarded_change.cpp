#include "network_server/guarded_change.hpp"

#include <algorithm>

#include "operation/failure_point.hpp"
#include "redis/script.hpp"

namespace tti::network_server {
namespace {

using lorawan::Guarded;

// One call must not hold up the server for more than about a millisecond.
constexpr std::size_t most_changes = 64;
constexpr std::size_t most_bytes = std::size_t{1} << 20U;

// KEYS: the records. ARGV: the owner, then per record "1" or "0" (is there a value) and the value, a count of
// checks and a count of writes; a check is "1" or "0", the answer, and a command; a command is a count and
// its words. Answers per record 0 (done), 1 (changed), 2 (busy) or the text of an error.
const redis::Script& script() {
    static const redis::Script instance(R"(
local at = 1
local function take()
  at = at + 1
  return ARGV[at]
end
local function command()
  local words = {}
  for i = 1, tonumber(take()) do words[i] = take() end
  return words
end
local function is(reply, exists, text)
  if type(reply) == 'table' then reply = reply.ok end
  if not reply then return exists == '0' end
  return exists == '1' and tostring(reply) == text
end
local function change(key, item)
  local lock = key .. ':lock'
  if redis.call('PTTL', lock) > 0 and redis.call('LLEN', key .. ':list') == 0 and redis.call('GET', lock) ~= ARGV[1] then
    return 2
  end
  if not is(redis.call('GET', key), item.exists, item.value) then return 1 end
  for _, check in ipairs(item.checks) do
    if not is(redis.call(unpack(check.command)), check.exists, check.answer) then return 1 end
  end
  for _, write in ipairs(item.writes) do redis.call(unpack(write)) end
  return 0
end
local results = {}
for i, key in ipairs(KEYS) do
  local item = {exists = take(), value = take(), checks = {}, writes = {}}
  local checks, writes = tonumber(take()), tonumber(take())
  for n = 1, checks do item.checks[n] = {exists = take(), answer = take(), command = command()} end
  for n = 1, writes do item.writes[n] = command() end
  local well, result = pcall(change, key, item)
  if not well then
    if type(result) == 'table' then result = result.err end
    result = tostring(result)
  end
  results[i] = result
end
return results
)");
    return instance;
}

// The keys and arguments of one call; keys are views into the changes.
class Arguments {
  public:
    explicit Arguments(std::string_view owner) { word(owner); }

    void add(const GuardedChange& change) {
        keys_.push_back(change.record);
        reply(change.value);
        word(std::to_string(change.checks.size()));
        word(std::to_string(change.writes.size()));
        for (const auto& check : change.checks) {
            reply(check.answer);
            command(check.command);
        }
        for (const auto& write : change.writes) command(write);
    }
    [[nodiscard]] bool full() const { return keys_.size() >= most_changes || bytes_ >= most_bytes; }
    void add_call(redis::Commands& calls) const {
        const std::vector<std::string_view> words(words_.begin(), words_.end());
        script().add_to(calls, keys_, words);
    }

  private:
    void word(std::string_view text) {
        words_.emplace_back(text);
        bytes_ += text.size();
    }
    void reply(const std::optional<std::string>& text) {
        word(text ? "1" : "0");
        word(text.value_or(""));
    }
    void command(const Words& words) {
        word(std::to_string(words.size()));
        for (const auto& text : words) word(text);
    }

    std::vector<std::string_view> keys_;
    std::vector<std::string> words_;
    std::size_t bytes_ = 0;
};

ChangeResult read_result(redis::ReplyView reply) {
    if (reply.is_text()) return {Guarded::changed, std::string(reply.text())};
    switch (reply.integer()) {
        case 0:
            return {Guarded::done, {}};
        case 2:
            return {Guarded::busy, {}};
        default:
            return {Guarded::changed, {}};
    }
}

void read_results(redis::Connection& connection, const redis::Commands& calls,
                  std::vector<ChangeResult>& results) {
    connection.pipeline(calls, [&](std::size_t, redis::ReplyView reply) {
        if (reply.is_error())
            throw redis::server_error(reply.error(), "EVALSHA", connection.target().display());
        for (std::size_t index = 0; index < reply.size(); ++index) {
            results.push_back(read_result(reply[index]));
        }
    });
}

}  // namespace

std::vector<ChangeResult> apply(redis::Connection& connection, std::span<const GuardedChange> changes,
                                std::string_view owner) {
    std::vector<ChangeResult> results;
    results.reserve(changes.size());
    if (changes.empty()) return results;
    connection.use(script());
    redis::Commands calls;
    for (std::size_t next = 0; next < changes.size();) {
        Arguments arguments(owner);
        while (next < changes.size() && !arguments.full()) arguments.add(changes[next++]);
        arguments.add_call(calls);
        if (next < changes.size() && calls.bytes().size() < most_bytes) continue;
        read_results(connection, calls, results);
        calls.clear();
        operation::failure_point("guarded change");
    }
    return results;
}

}  // namespace tti::network_server
