#pragma once

#include <string>
#include <vector>

#include "settings/values.hpp"

namespace tti::doctor {

inline constexpr auto identity_server_address = "is.database-uri";
inline constexpr auto storage_address = "as.packages.storage.postgres.database-uri";
inline constexpr auto noc_address = "noc.store.database-uri";

// A database in PostgreSQL and all that is in it.
struct PostgresPlace {
    std::vector<std::string> names;     // "Identity Server"
    std::vector<std::string> settings;  // that hold its address
    std::string display;                // "Identity Server at stack@db:5432/ttn_lorawan"
    std::string server;                 // "db:5432"
};
// Those that the settings name; several settings may name one. Throws UsageError for what is no address.
std::vector<PostgresPlace> postgres_places(const settings::Values& values);

}  // namespace tti::doctor
