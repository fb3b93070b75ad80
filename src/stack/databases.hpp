#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "operation/area.hpp"
#include "settings/values.hpp"

namespace tti::stack {

enum class Server { postgres, redis };

// A database of the stack, as what looks at all of them sees it: a group of commands.
struct Database {
    operation::Area area = operation::Area::identity_server;
    std::string_view group;    // "is-db": "migrate", "status" and "history" are below it
    std::string_view name;     // "Identity Server"
    std::string_view setting;  // the one that says where it is
    Server server = Server::postgres;
    bool optional = false;  // only there where its setting is given; the open-source stack has none
    // Its status looks at every key or object unless it is to be --quick. That of the others is quick.
    [[nodiscard]] bool looks_through() const { return !optional; }
};

// In the order in which they are migrated, which is that of the stack's own guide for updates, with those
// that the guide leaves out beside their like.
std::span<const Database> databases();
// Those that the settings name: all but the optional ones whose setting nobody gave.
std::vector<Database> named_databases(const settings::Values& values);
// The settings that named_databases needs.
std::vector<std::string> naming_settings();

}  // namespace tti::stack
