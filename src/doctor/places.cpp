#include "doctor/places.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "database/address.hpp"
#include "key_space/session.hpp"
#include "util/text.hpp"

namespace tti::doctor {
namespace {

using settings::Values;

constexpr std::array postgres_databases{
    std::pair{"Identity Server", identity_server_address},
    std::pair{"Storage Integration", storage_address},
    std::pair{"Network Operations Center", noc_address},
};

bool is_same(const redis::Target& left, const redis::Target& right) {
    return left.display() == right.display();
}

void add(std::vector<RedisPlace>& places, const std::string& group, redis::Target target) {
    const auto same =
        std::ranges::find_if(places, [&](const RedisPlace& place) { return is_same(place.target, target); });
    if (same == places.end()) {
        places.push_back({std::move(target), {group}});
    } else {
        same->groups.push_back(group);
    }
}

}  // namespace

std::vector<PostgresPlace> postgres_places(const Values& values) {
    std::vector<PostgresPlace> places;
    std::vector<std::string> databases;
    for (const auto& [name, setting] : postgres_databases) {
        if (values.secret(setting).empty()) continue;
        const auto uri = database::address(values, setting);
        const auto server = fmt::format("{}:{}", uri.part("host"), uri.part("port"));
        const auto database = fmt::format("{}/{}", server, uri.part("dbname"));
        const auto known = std::ranges::find(databases, database);
        if (known == databases.end()) {
            databases.push_back(database);
            places.push_back({{name}, {setting}, uri.display(), server});
        } else {
            auto& place = places[static_cast<std::size_t>(known - databases.begin())];
            place.names.emplace_back(name);
            place.settings.emplace_back(setting);
        }
    }
    for (auto& place : places)
        place.display = fmt::format("{} at {}", util::join(place.names, ", "), place.display);
    return places;
}

std::vector<RedisPlace> redis_places(const Values& values) {
    std::vector<RedisPlace> places;
    add(places, "redis", key_space::general_target(values));
    add(places, "cache.redis", key_space::cache_target(values));
    add(places, "events.redis", key_space::events_target(values));
    return places;
}

}  // namespace tti::doctor
