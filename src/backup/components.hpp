#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "operation/area.hpp"
#include "postgres/uri.hpp"
#include "settings/option.hpp"
#include "settings/values.hpp"

namespace tti::backup {

// What an archive is made of, as --without and the manifest call it: "is", "storage", "noc", "redis".
inline constexpr std::string_view redis_component = "redis";

// A part that lies in PostgreSQL, where the settings say that it is.
struct Component {
    std::string name;
    operation::Area area;
    std::string setting;  // that the address comes from
    postgres::Uri uri;
    std::string schema;  // of "storage" and "noc"; the Identity Server's are its tenants'
    bool named = true;   // somebody gave its address; else it is there only if its schema is
};
// Those that are not in `without`, whose addresses are not read. Throws UsageError for a bad address.
std::vector<Component> components(const settings::Values& values,
                                  const std::set<std::string, std::less<>>& without);
// "is" of them, which has to be among them.
const Component& identity_server_of(const std::vector<Component>& all);

// The options of every command here, and the settings that they need.
std::vector<settings::Option> archive_options();
std::vector<std::string> archive_settings();

// From --without. Throws UsageError for an unknown name.
std::set<std::string, std::less<>> left_out(const settings::Values& values);

// What --key-from points to, where it is given.
std::optional<Secret> given_key(const cli::Context& context);

}  // namespace tti::backup
