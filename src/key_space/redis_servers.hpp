#pragma once

#include <string>
#include <vector>

#include "redis/target.hpp"
#include "settings/values.hpp"

namespace tti::key_space {

// A Redis of the stack, and what lies there.
struct RedisServer {
    redis::Target target;
    std::vector<std::string> named_by;  // the groups of settings: "redis", "cache.redis", "events.redis"
};
// Each server once; that of redis.* first. Throws UsageError naming the setting and its source.
std::vector<RedisServer> redis_servers(const settings::Values& values);

}  // namespace tti::key_space
