#include "doctor/redis_judgement.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "doctor/version.hpp"
#include "lorawan/keys.hpp"
#include "util/text.hpp"

namespace tti::doctor {
namespace {

constexpr Version oldest{6, 2, 0};
constexpr std::int64_t memory_tenths = 9;
// A replica acknowledges every second; more is a replica that stands still or a network that does not carry
// it.
constexpr std::int64_t most_seconds_behind = 10;
constexpr std::int64_t most_bytes_behind = 10'000'000;

std::string text(const InfoFields& info, std::string_view name) {
    const auto found = info.find(name);
    return found == info.end() ? "" : found->second;
}

std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::int64_t number(const InfoFields& info, std::string_view name) {
    return number(text(info, name));
}

std::string shown(const InfoFields& info, std::string_view name) {
    return fmt::format("{} = {}", name, text(info, name));
}

constexpr std::string_view lasting =
    "Write it down in redis.conf too (CONFIG REWRITE), or in the parameter group.";

// "ip=127.0.0.1,port=6380,state=online,offset=10,lag=0"
std::string part_of(std::string_view replica, std::string_view name) {
    for (const auto& part : util::split(replica, ',')) {
        if (part.starts_with(fmt::format("{}=", name))) return part.substr(name.size() + 1);
    }
    return {};
}

void look_at_replica(const InfoFields& info, const std::string& replica, Findings& found) {
    const auto behind = number(info, "master_repl_offset") - number(part_of(replica, "offset"));
    const auto lag = number(part_of(replica, "lag"));
    const bool online = part_of(replica, "state") == "online";
    if (online && behind <= most_bytes_behind && lag <= most_seconds_behind) return;
    found.push_back({Severity::warning,
                     "A replica does not follow: a fail-over to it loses what it has not got.",
                     fmt::format("replica {}:{} is {}, {} bytes and {} s behind", part_of(replica, "ip"),
                                 part_of(replica, "port"), part_of(replica, "state"), behind, lag),
                     setting("Look at the replica's log, its disk and the network between both.")});
}

}  // namespace

Findings judge_redis_version(const InfoFields& info) {
    Findings found;
    if (version_of(text(info, "redis_version")) < oldest) {
        found.push_back({Severity::error, "The server is older than the stack supports.",
                         shown(info, "redis_version"), setting("Upgrade the server to Redis 6.2 or newer.")});
    }
    if (text(info, "cluster_enabled") == "1" || text(info, "redis_mode") == "cluster") {
        found.push_back({Severity::error, "The stack does not work with Redis Cluster.",
                         "cluster_enabled = 1",
                         setting("Point the setting to a server without cluster mode.")});
    }
    return found;
}

Findings judge_eviction(const InfoFields& info) {
    const auto policy = text(info, "maxmemory_policy");
    if (number(info, "maxmemory") == 0 || policy.empty() || policy == "noeviction") return {};
    return {{Severity::error, "Redis removes keys when its memory is full, device sessions among them.",
             fmt::format("maxmemory-policy = {}, maxmemory = {}, evicted so far: {} keys", policy,
                         text(info, "maxmemory_human"), text(info, "evicted_keys")),
             redis_words("CONFIG SET maxmemory-policy noeviction", std::string(lasting))}};
}

Findings judge_persistence(const InfoFields& info, const std::optional<std::string>& save) {
    Findings found;
    const auto append_only = redis_words("CONFIG SET appendonly yes", std::string(lasting));
    const bool appends = text(info, "aof_enabled") == "1";
    if (!appends && save && save->empty()) {
        found.push_back({Severity::error,
                         "Redis keeps nothing on disk: when it stops, all sessions are lost.",
                         "appendonly = no, save = \"\"", append_only});
    } else if (!appends) {
        found.push_back({Severity::note, "When Redis stops, what came since its last snapshot is lost.",
                         fmt::format("appendonly = no, save = {}, changes since the last snapshot: {}",
                                     save ? *save : "(not told)", text(info, "rdb_changes_since_last_save")),
                         append_only});
    }
    for (const auto& [field, remedy] : {std::pair{"rdb_last_bgsave_status", "BGSAVE"},
                                        std::pair{"aof_last_bgrewrite_status", "BGREWRITEAOF"},
                                        std::pair{"aof_last_write_status", "INFO persistence"}}) {
        if (text(info, field) != "err") continue;
        found.push_back({Severity::error, "Redis could not write its data to disk; it may refuse writes too.",
                         shown(info, field),
                         redis_words(remedy,
                                     "Once the disk has room and the folder can be written; the log of "
                                     "Redis says what was wrong.")});
    }
    return found;
}

Findings judge_memory(const InfoFields& info) {
    const auto used = number(info, "used_memory");
    const auto most = number(info, "maxmemory");
    if (most == 0 || used * 10 < most * memory_tenths) return {};
    return {{used >= most ? Severity::error : Severity::warning,
             used >= most ? "The memory of Redis is full." : "The memory of Redis is nearly full.",
             fmt::format("used_memory = {}, maxmemory = {}", text(info, "used_memory_human"),
                         text(info, "maxmemory_human")),
             redis_words(fmt::format("CONFIG SET maxmemory {}", 2 * std::max(used, most)),
                         "Where the machine has it; tti-lw-stack memory tells what can be freed.")}};
}

Findings judge_replication(const InfoFields& info, std::string_view connection) {
    Findings found;
    if (text(info, "role") == "slave") {
        found.push_back(
            {Severity::error, "The setting names a replica, which refuses writes.",
             fmt::format("{} is a replica of {}:{}, whose link is {}", connection, text(info, "master_host"),
                         text(info, "master_port"), text(info, "master_link_status")),
             setting(fmt::format("Point {}.address to the primary, or set {}.failover.*.", connection,
                                 connection))});
        return found;
    }
    for (const auto& [name, value] : info) {
        if (name.starts_with("slave") && value.starts_with("ip=")) look_at_replica(info, value, found);
    }
    return found;
}

std::string most_common_name_space(std::span<const std::string> keys) {
    std::map<std::string, int> counts;
    for (const std::string_view key : keys) {
        for (const auto& rule : lorawan::key_rules()) {
            const auto start = rule.pattern.substr(0, rule.pattern.find('{'));
            if (start.empty() || rule.owner == lorawan::Owner::this_program) continue;
            const auto at = key.find(":" + std::string(start));
            if (at == std::string_view::npos) continue;
            ++counts[std::string(key.substr(0, at))];
            break;
        }
    }
    const auto most = std::ranges::max_element(counts, {}, [](const auto& one) { return one.second; });
    return most == counts.end() ? "" : most->first;
}

}  // namespace tti::doctor
