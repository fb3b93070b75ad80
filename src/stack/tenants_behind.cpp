#include "stack/tenants_behind.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "key_space/session.hpp"
#include "key_space/versions.hpp"
#include "lorawan/keys.hpp"
#include "redis/scan.hpp"

namespace tti::stack {
namespace {

using lorawan::KeyKind;

struct VersionKey {
    std::string_view group;
    std::string_view server;  // the part of a key's name below the name space
    KeyKind kind;
};
constexpr std::array version_keys{VersionKey{"dcs-db", "dcs", KeyKind::dcs_schema_version},
                                  VersionKey{"ns-db", "ns", KeyKind::ns_schema_version},
                                  VersionKey{"ns-db", "ns", KeyKind::ns_uplinks_schema_version},
                                  VersionKey{"as-db", "as", KeyKind::as_schema_version},
                                  VersionKey{"js-db", "js", KeyKind::js_schema_version}};

constexpr std::size_t tenants_at_once = 1000;

// By server ("ns") and tenant, as they stand in keys.
using Places = std::set<std::pair<std::string_view, std::string_view>>;

class Search {
  public:
    Search(cli::Context& context, std::span<const std::string> groups)
        : groups_(groups),
          name_space_(context.values.list("redis.namespace")),
          connection_(key_space::general_target(context.values),
                      {.context = "redis", .mode = redis::Mode::read_only}, context.stop) {
        redis::require_usable(connection_);
    }

    Places without_version(std::span<const std::string> tenant_ids) {
        Places found;
        for (; !tenant_ids.empty();
             tenant_ids = tenant_ids.subspan(std::min(tenants_at_once, tenant_ids.size())))
            ask(tenant_ids.first(std::min(tenants_at_once, tenant_ids.size())), found);
        return found;
    }

    // Those of `places` that have keys.
    Places with_keys(const Places& places) {
        Places found;
        const lorawan::Keys keys(name_space_);
        redis::Scan scan(connection_, {.match = keys.glob_below("")});
        std::vector<std::string> page;
        while (found.size() < places.size() && scan.next(page)) {
            for (const std::string_view key : page) {
                const auto place = places.find(place_of(key.substr(keys.prefix().size())));
                if (place != places.end()) found.insert(*place);
            }
        }
        return found;
    }

  private:
    [[nodiscard]] bool is_wanted(const VersionKey& version) const {
        return std::ranges::find(groups_, version.group) != groups_.end();
    }

    void ask(std::span<const std::string> tenant_ids, Places& found) {
        redis::Commands commands;
        std::vector<std::pair<std::string_view, std::string_view>> places;
        for (const auto& id : tenant_ids) {
            auto parts = name_space_;
            parts.push_back(id);
            const lorawan::Keys keys(parts);
            for (const auto& version : version_keys) {
                if (!is_wanted(version)) continue;
                commands.add("GET", keys.key(version.kind));
                places.emplace_back(version.server, id);
            }
        }
        const auto newest = std::to_string(key_space::newest_version);
        connection_.repeat([&] {
            connection_.pipeline(commands, [&](std::size_t index, redis::ReplyView reply) {
                // What is no version at all is for the migration to judge.
                if (!reply.is_text() || reply.text() != newest) found.insert(places[index]);
            });
        });
    }

    // "acme:ns:devices:…" is of tenant acme and server ns.
    static std::pair<std::string_view, std::string_view> place_of(std::string_view key) {
        const auto end = key.find(':');
        if (end == std::string_view::npos) return {};
        const auto rest = key.substr(end + 1);
        return {rest.substr(0, rest.find(':')), key.substr(0, end)};
    }

    std::span<const std::string> groups_;
    std::vector<std::string> name_space_;
    redis::Connection connection_;
};

}  // namespace

std::vector<TenantBehind> tenants_behind(cli::Context& context, std::span<const std::string> groups,
                                         std::span<const std::string> tenant_ids) {
    std::vector<TenantBehind> behind;
    if (groups.empty() || tenant_ids.empty()) return behind;
    Search search(context, groups);
    const auto places = search.without_version(tenant_ids);
    if (places.empty()) return behind;
    const auto found = search.with_keys(places);
    for (const auto& group : groups) {
        const auto version = std::ranges::find(version_keys, group, &VersionKey::group);
        for (const auto& id : tenant_ids) {
            if (version != version_keys.end() && found.contains({version->server, id}))
                behind.push_back({group, id});
        }
    }
    return behind;
}

}  // namespace tti::stack
