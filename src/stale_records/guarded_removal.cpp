#include "stale_records/guarded_removal.hpp"

#include "redis/script.hpp"

namespace tti::stale_records {
namespace {

// Keys come as arguments: The Things Stack does not work with Redis Cluster, which alone would want them
// declared. A mutex with a token in its list has been handed over, so nobody holds it.
constexpr std::string_view source = R"(
local owner, place, outcomes = ARGV[1], 2, {}
local function take()
  place = place + 1
  return ARGV[place - 1]
end
local function held(key)
  if redis.call('PTTL', key .. ':lock') <= 0 then return false end
  return redis.call('GET', key .. ':lock') ~= owner and redis.call('EXISTS', key .. ':list') == 0
end
local check = {}
check['L'] = function(key) return held(key) and 2 or 0 end
check['!'] = function(key) return redis.call('EXISTS', key) * 4 end
check['='] = function(key, value)
  local now = redis.pcall('GET', key)
  if not now then return 3 end
  return now == value and 0 or 1
end
local act = {}
act['u'] = function(key) redis.call('UNLINK', key) end
act['?'] = function(key, value) if redis.pcall('GET', key) == value then redis.call('UNLINK', key) end end
act['z'] = function(key, item) redis.pcall('ZREM', key, item) end
act['h'] = function(key, item) redis.pcall('HDEL', key, item) end
act['s'] = function(key, item) redis.pcall('SREM', key, item) end
act['x'] = function(key, item)
  redis.pcall('XACK', key, 'ns', item)
  redis.pcall('XDEL', key, item)
end
while place <= #ARGV do
  local outcome, acts = 0, {}
  for _ = 1, tonumber(take()) do
    local how, key, item = take(), take(), take()
    if check[how] then
      outcome = math.max(outcome, check[how](key, item))
    else
      acts[#acts + 1] = {how, key, item}
    end
  end
  if outcome == 0 then
    for _, each in ipairs(acts) do act[each[1]](each[2], each[3]) end
  end
  outcomes[#outcomes + 1] = outcome
end
return outcomes
)";

const redis::Script& script() {
    static const redis::Script made(source);
    return made;
}

class Arguments {
  public:
    explicit Arguments(std::string_view owner) { words_.emplace_back(owner); }

    void add(const Removal& removal) {
        const auto count = words_.size();
        words_.emplace_back();
        std::size_t lines = removal.deletions.size();
        lines += check("L", removal.lock, "") + check("=", removal.record, removal.expected) +
                 check("!", removal.missing, "");
        for (const auto& [act, key, item] : removal.deletions) {
            words_.insert(words_.end(), {std::string(1, static_cast<char>(act)), key, item});
        }
        words_[count] = std::to_string(lines);
    }

    [[nodiscard]] std::vector<std::string_view> views() const { return {words_.begin(), words_.end()}; }

  private:
    std::size_t check(std::string_view how, const std::string& key, const std::string& value) {
        if (key.empty()) return 0;
        words_.insert(words_.end(), {std::string(how), key, value});
        return 1;
    }

    std::vector<std::string> words_;
};

}  // namespace

void use_guarded_removal(redis::Connection& connection) {
    connection.use(script());
}

std::vector<Outcome> remove_guarded(redis::Connection& connection, std::span<const Removal> removals,
                                    std::string_view owner) {
    Arguments arguments(owner);
    for (const auto& removal : removals) arguments.add(removal);
    redis::Commands commands;
    script().add_to(commands, {}, arguments.views());
    const auto reply = connection.single(commands);
    std::vector<Outcome> outcomes;
    outcomes.reserve(removals.size());
    for (std::size_t place = 0; place < removals.size(); ++place) {
        outcomes.push_back(static_cast<Outcome>(reply.view()[place].integer()));
    }
    return outcomes;
}

}  // namespace tti::stale_records
