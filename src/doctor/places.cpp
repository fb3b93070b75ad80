#include "doctor/places.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "database/address.hpp"
#include "util/text.hpp"

namespace tti::doctor {
namespace {

using settings::Values;

constexpr std::array postgres_databases{
    std::pair{"Identity Server", identity_server_address},
    std::pair{"Storage Integration", storage_address},
    std::pair{"Network Operations Center", noc_address},
};

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

}  // namespace tti::doctor
