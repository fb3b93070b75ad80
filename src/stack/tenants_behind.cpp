#include "stack/tenants_behind.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "key_space/session.hpp"
#include "key_space/tenant_name.hpp"
#include "key_space/tenant_versions.hpp"
#include "redis/scan.hpp"
#include "stack/databases.hpp"
#include "stack/version_keys.hpp"

namespace tti::stack {
namespace {

// By server ("ns") and tenant, as they stand in keys.
using Place = std::pair<std::string, std::string>;
using Places = std::set<Place>;

VersionKeys version_keys_of(std::string_view group) {
    const auto database = std::ranges::find(databases(), group, &Database::group);
    return database == databases().end() ? VersionKeys{} : version_keys(database->area);
}

Places places_behind(key_space::Session& session, std::span<const std::string> groups,
                     std::span<const std::string> tenant_ids) {
    Places places;
    for (const auto& group : groups) {
        const auto versions = version_keys_of(group);
        if (versions.kinds.empty()) continue;
        for (auto& id : key_space::tenants_not_at_newest(session, tenant_ids, versions.kinds)) {
            if (!key_space::is_name_of_a_server(id)) places.emplace(versions.server, std::move(id));
        }
    }
    return places;
}

// "acme:ns:devices:…" is of server ns and tenant acme.
Place place_of(std::string_view key) {
    const auto end = key.find(':');
    if (end == std::string_view::npos) return {};
    const auto rest = key.substr(end + 1);
    return {std::string(rest.substr(0, rest.find(':'))), std::string(key.substr(0, end))};
}

// Those that have keys.
Places with_keys(key_space::Session& session, const Places& places) {
    Places found;
    const auto& keys = session.keys();
    redis::Scan scan(session.connection(), {.match = keys.glob_below("")});
    std::vector<std::string> page;
    while (found.size() < places.size() && scan.next(page)) {
        for (const std::string_view key : page) {
            const auto place = places.find(place_of(key.substr(keys.prefix().size())));
            if (place != places.end()) found.insert(*place);
        }
    }
    return found;
}

}  // namespace

std::vector<TenantBehind> tenants_behind(cli::Context& context, std::span<const std::string> groups,
                                         std::span<const std::string> tenant_ids) {
    std::vector<TenantBehind> behind;
    if (groups.empty() || tenant_ids.empty()) return behind;
    key_space::Session session(context, redis::Mode::read_only, "redis");
    const auto places = places_behind(session, groups, tenant_ids);
    if (places.empty()) return behind;
    const auto found = with_keys(session, places);
    for (const auto& group : groups) {
        const auto server = std::string(version_keys_of(group).server);
        for (const auto& id : tenant_ids) {
            if (found.contains(Place(server, id))) behind.push_back({group, id});
        }
    }
    return behind;
}

std::vector<std::string> tenants_besides_default(const nlohmann::json& told) {
    std::vector<std::string> tenants;
    for (const auto& tenant : told.at("tenants")) {
        if (!tenant.at("default").get<bool>()) tenants.push_back(tenant.at("tenant_id"));
    }
    return tenants;
}

std::vector<std::string> migration_of(const std::string& group, const std::string& tenant_id) {
    std::vector<std::string> arguments{group, "migrate"};
    if (!tenant_id.empty()) arguments.push_back("--tenant-id=" + tenant_id);
    return arguments;
}

}  // namespace tti::stack
