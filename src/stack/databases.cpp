#include "stack/databases.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace tti::stack {

using operation::Area;

std::span<const Database> databases() {
    static constexpr std::array all{
        Database{Area::identity_server, "is-db", "Identity Server", "is.database-uri"},
        Database{Area::device_claiming_server, "dcs-db", "Device Claiming Server", "redis.address",
                 Server::redis},
        Database{Area::network_server, "ns-db", "Network Server", "redis.address", Server::redis},
        Database{Area::application_server, "as-db", "Application Server", "redis.address", Server::redis},
        Database{Area::join_server, "js-db", "Join Server", "redis.address", Server::redis},
        Database{Area::storage_integration, "storage-db", "Storage Integration",
                 "as.packages.storage.postgres.database-uri", Server::postgres, true},
        Database{Area::network_operations_center, "noc-db", "Network Operations Center",
                 "noc.store.database-uri", Server::postgres, true},
    };
    return all;
}

std::vector<Database> named_databases(const settings::Values& values) {
    std::vector<Database> named;
    std::ranges::copy_if(databases(), std::back_inserter(named), [&values](const Database& database) {
        return !database.optional || values.given(database.setting);
    });
    return named;
}

std::vector<std::string> naming_settings() {
    std::vector<std::string> names;
    for (const auto& database : databases()) {
        std::string name(database.setting);
        if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
    }
    return names;
}

}  // namespace tti::stack
