#include <array>

#include "lorawan/guarded_script.hpp"
#include "lorawan/mutex.hpp"
#include "redis/error.hpp"

namespace tti::lorawan {
namespace {

// A script blocks the server: so many records take it well below a millisecond.
constexpr std::size_t most_records = 32;
constexpr std::size_t most_bytes_a_script = std::size_t{256} * 1024;
constexpr std::size_t most_bytes_under_way = std::size_t{1024} * 1024;

// KEYS: records. ARGV: the owner of their mutexes or "", then what each must hold and what it shall hold. The
// answer is a digit for each, as Guarded counts. A record that holds the new value already counts as done, so
// that a call can be repeated.
const redis::Script& script() {
    static const redis::Script script = guarded_script(R"(
local owner = ARGV[1] ~= '' and ARGV[1] or nil
local locked = any_lock(KEYS)
local values = redis.call('MGET', unpack(KEYS))
local answers, put, count = {}, {}, 0
for i, key in ipairs(KEYS) do
    local wanted = ARGV[2 * i + 1]
    if values[i] == wanted then
        answers[i] = '0'
    elseif values[i] ~= ARGV[2 * i] then
        answers[i] = '1'
    elseif locked and held(key, owner) then
        answers[i] = '2'
    else
        answers[i] = '0'
        put[count + 1], put[count + 2] = key, wanted
        count = count + 2
    end
end
if count > 0 then redis.call('MSET', unpack(put)) end
return table.concat(answers)
)");
    return script;
}

Guarded outcome(char digit) {
    constexpr std::array outcomes{Guarded::done, Guarded::changed, Guarded::busy};
    if (digit < '0' || digit > '2') throw redis::ProtocolError("a script gave an answer that it cannot give");
    return outcomes.at(static_cast<std::size_t>(digit - '0'));
}

std::size_t bytes(const Replacement& item) {
    return item.expected.size() + item.value.size();
}

// How many items from the front go into one script.
std::size_t count_for_script(std::span<const Replacement> items) {
    std::size_t total = 0;
    std::size_t count = 0;
    for (const Replacement& item : items.first(std::min(items.size(), most_records))) {
        total += bytes(item);
        if (count > 0 && total > most_bytes_a_script) break;
        ++count;
    }
    return count;
}

void add_script(redis::Commands& commands, std::span<const Replacement> items, std::string_view owner) {
    std::vector<std::string_view> keys;
    std::vector<std::string_view> arguments{owner};
    for (const Replacement& item : items) {
        keys.emplace_back(item.key);
        arguments.emplace_back(item.expected);
        arguments.emplace_back(item.value);
    }
    script().add_to(commands, keys, arguments);
}

// Adds scripts until enough is under way; returns for how many items.
std::size_t fill(redis::Commands& commands, std::span<const Replacement> items, std::string_view owner) {
    std::size_t taken = 0;
    while (taken < items.size() && commands.bytes().size() < most_bytes_under_way) {
        const std::size_t count = count_for_script(items.subspan(taken));
        add_script(commands, items.subspan(taken, count), owner);
        taken += count;
    }
    return taken;
}

void run(redis::Connection& connection, const redis::Commands& commands, std::size_t expected,
         std::vector<Guarded>& outcomes) {
    std::string digits;
    connection.repeat([&] {
        digits.clear();
        connection.pipeline(commands, [&](std::size_t, redis::ReplyView reply) {
            if (reply.is_error()) {
                throw redis::server_error(reply.error(), "EVALSHA", connection.target().display());
            }
            digits += reply.text();
        });
    });
    if (digits.size() != expected)
        throw redis::ProtocolError("a script answered for other records than asked");
    for (const char digit : digits) {
        outcomes.push_back(outcome(digit));
    }
}

}  // namespace

std::vector<Guarded> replace_guarded(redis::Connection& connection, std::span<const Replacement> items) {
    return replace_guarded(connection, items, {});
}

std::vector<Guarded> replace_guarded(redis::Connection& connection, std::span<const Replacement> items,
                                     std::string_view owner) {
    connection.use(script());
    std::vector<Guarded> outcomes;
    outcomes.reserve(items.size());
    while (!items.empty()) {
        redis::Commands commands;
        const std::size_t count = fill(commands, items, owner);
        run(connection, commands, count, outcomes);
        items = items.subspan(count);
    }
    return outcomes;
}

}  // namespace tti::lorawan
