#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "redis/connection.hpp"

namespace tti::lorawan {

// The mutex protocol as a server of the stack speaks it: the reference that ours is tested against.
class StackMutex {
  public:
    StackMutex(redis::Connection& connection, std::string key, std::string owner)
        : connection_(connection), lock_(key + ":lock"), list_(key + ":list"), owner_(std::move(owner)) {}

    void acquire() {
        while (true) {
            const auto left = eval(
                "local left = redis.call('PTTL', KEYS[1]) if left > 0 then return left end "
                "redis.call('DEL', KEYS[2]) redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return 0",
                {owner_, "10000"});
            if (left == 0) return;
            const std::int64_t seconds = std::max<std::int64_t>(left / 1000, 1);
            redis::Commands wait;
            wait.add("BLPOP", list_, std::to_string(seconds));
            const auto popped = connection_.blocking(wait, std::chrono::seconds(seconds));
            if (!popped->is_nil() && take(popped.view()[1].text())) return;
        }
    }

    void release() {
        eval(
            "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('LPUSH', KEYS[2], ARGV[1]) "
            "redis.call('PEXPIRE', KEYS[1], ARGV[2]) redis.call('PEXPIRE', KEYS[2], ARGV[2]) end return 1",
            {owner_, "10000"});
    }

  private:
    bool take(std::string_view previous) {
        return eval(
                   "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end redis.call('DEL', KEYS[2]) "
                   "redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[2]) return 1",
                   {previous, "10000", owner_}) == 1;
    }

    std::int64_t eval(std::string_view script, std::initializer_list<std::string_view> arguments) {
        std::vector<std::string_view> words{"EVAL", script, "2", lock_, list_};
        words.insert(words.end(), arguments);
        redis::Commands command;
        command.add(words);
        return connection_.single(command)->integer();
    }

    redis::Connection& connection_;
    std::string lock_;
    std::string list_;
    std::string owner_;
};

}  // namespace tti::lorawan
