#include "key_space/redis_servers.hpp"

#include <algorithm>

#include "key_space/session.hpp"

namespace tti::key_space {
namespace {

bool is_same(const redis::Target& a, const redis::Target& b) {
    const auto where = [](const redis::Target& target) {
        return target.failover ? target.failover->master_name : target.address;
    };
    return a.failover.has_value() == b.failover.has_value() && where(a) == where(b) &&
           a.database == b.database;
}

void add(std::vector<RedisServer>& servers, const std::string& name, redis::Target target) {
    const auto same = std::ranges::find_if(
        servers, [&](const RedisServer& server) { return is_same(server.target, target); });
    if (same == servers.end()) {
        servers.push_back({std::move(target), {name}});
    } else {
        same->named_by.push_back(name);
    }
}

}  // namespace

std::vector<RedisServer> redis_servers(const settings::Values& values) {
    std::vector<RedisServer> servers;
    add(servers, "redis", general_target(values));
    add(servers, "cache.redis", cache_target(values));
    add(servers, "events.redis", events_target(values));
    return servers;
}

}  // namespace tti::key_space
