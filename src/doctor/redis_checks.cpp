#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "doctor/check.hpp"
#include "doctor/clock.hpp"
#include "doctor/redis_judgement.hpp"
#include "key_space/session.hpp"
#include "util/text.hpp"

namespace tti::doctor {
namespace {

// Random keys; so many of another name space and none of ours are no chance.
constexpr std::size_t sample_size = 100;

InfoFields info(RedisServer& server) {
    return redis::info_fields(server.connection.call("INFO")->text());
}

// Empty where the server forbids CONFIG, as managed ones do.
std::optional<std::string> configured(RedisServer& server, std::string_view name) {
    try {
        const auto answer = server.connection.call("CONFIG", "GET", name);
        if (answer->size() == 2) return std::string(answer.view()[1].text());
    } catch (const redis::ServerError&) {
        return {};
    }
    return {};
}

std::vector<std::string> sample(RedisServer& server) {
    redis::Commands questions;
    for (std::size_t number = 0; number < sample_size; ++number) questions.add("RANDOMKEY");
    std::vector<std::string> keys;
    server.connection.pipeline(questions, [&keys](std::size_t, redis::ReplyView answer) {
        if (answer.is_text()) keys.emplace_back(answer.text());
    });
    return keys;
}

std::string words_of(std::string_view name_space) {
    auto words = std::string(name_space);
    std::ranges::replace(words, ':', ' ');
    return words;
}

Findings look_at_sample(const std::vector<std::string>& keys, const std::string& name_space) {
    const auto ours = std::ranges::count_if(
        keys, [&](const std::string& key) { return key.starts_with(name_space + ":"); });
    const auto other = most_common_name_space(keys);
    if (ours > 0 || other.empty()) return {};
    return {{Severity::error,
             "The keys of the stack are in another name space: it finds none of its devices.",
             fmt::format("redis.namespace = {}; none of {} random keys begins with {}:, most with {}:",
                         words_of(name_space), keys.size(), name_space, other),
             setting(fmt::format("Set redis.namespace to: {}", words_of(other)))}};
}

// Whether other databases of the server hold keys, from INFO: "db1:keys=2,expires=0,avg_ttl=0".
Findings look_at_other_databases(const InfoFields& fields, int database) {
    for (const auto& [name, value] : fields) {
        if (!name.starts_with("db") || !value.starts_with("keys=")) continue;
        return {{Severity::warning, "The database of redis.database is empty, and another one has keys.",
                 fmt::format("redis.database = {}; {}: {}", database, name, value.substr(0, value.find(','))),
                 setting(fmt::format("Set redis.database to: {}", name.substr(2)))}};
    }
    return {};
}

}  // namespace

Findings check_redis_version(RedisServer& server) {
    return judge_redis_version(info(server));
}

// Caches and events of their own may be evicted; they are made anew.
Findings check_redis_eviction(RedisServer& server) {
    return server.is_general() ? judge_eviction(info(server)) : Findings{};
}

Findings check_redis_persistence(RedisServer& server) {
    return server.is_general() ? judge_persistence(info(server), configured(server, "save")) : Findings{};
}

Findings check_redis_memory(RedisServer& server) {
    return judge_memory(info(server));
}

Findings check_redis_replication(RedisServer& server) {
    return judge_replication(info(server), server.named_by.front());
}

Findings check_redis_name_space(RedisServer& server) {
    if (!server.is_general()) return {};
    const auto keys = sample(server);
    if (keys.empty()) return look_at_other_databases(info(server), server.connection.target().database);
    return look_at_sample(keys, util::join(server.values.list("redis.namespace"), ":"));
}

Findings check_redis_sharing(RedisServer& server) {
    const auto fields = info(server);
    const auto limit = fields.find("maxmemory_human");
    const bool limited = server.connection.server().maxmemory > 0;
    if (!server.is_general() || !limited || server.named_by.size() == 1) return {};
    return {{Severity::note, "Caches or events share the limited memory of the sessions, and can fill it.",
             fmt::format("{} are one server, maxmemory = {}", util::join(server.named_by, ", "),
                         limit == fields.end() ? "limited" : limit->second),
             setting("Give cache.redis and events.redis a Redis of their own, which needs no backup.")}};
}

Findings check_redis_clock(RedisServer& server) {
    const auto offset = measure_clock([&server] {
        const auto answer = server.connection.call("TIME");
        return WallTime(std::chrono::seconds(answer.view()[0].number()) +
                        std::chrono::microseconds(answer.view()[1].number()));
    });
    return judge_clock(offset, "Redis");
}

}  // namespace tti::doctor
