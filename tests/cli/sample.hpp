#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/terminal.hpp"

namespace tti::cli::testing {

// A tree of the shape that the real program has, without its rooms.
inline Command leaf(std::string name, std::vector<settings::Option> options = {},
                    Effect effect = Effect::writes) {
    return {.name = std::move(name),
            .summary = "Do something to a database",
            .options = std::move(options),
            .settings = {"is.database-uri"},
            .effect = effect,
            .run = [](Context&) { return ExitCode::done; }};
}

inline Command is_db() {
    using settings::Type;
    const settings::Option tenant{
        .name = "tenant-id", .description = "tenant that is meant", .value_name = "ID"};
    Command group{.name = "is-db", .summary = "Look after the Identity Server database"};
    group.children = {
        leaf("migrate", {{.name = "rollback", .type = Type::boolean, .description = "go back"}}),
        leaf("create-tenant",
             {{.name = "id", .description = "ID of it", .required = true}, {.name = "name"}}),
        leaf("create-oauth-client",
             {tenant,
              {.name = "id", .description = "ID of the client", .required = true},
              {.name = "name"},
              {.name = "secret", .type = Type::secret_text},
              {.name = "no-secret", .type = Type::boolean},
              {.name = "redirect-uri", .type = Type::list, .description = "where it returns to"},
              {.name = "logout-redirect-uri", .type = Type::list}}),
        leaf("create-admin-user", {tenant,
                                   {.name = "email", .description = "address", .required = true},
                                   {.name = "password", .type = Type::secret_text, .required = true}}),
    };
    return group;
}

inline Command storage_db() {
    Command group{.name = "storage-db", .summary = "Look after the events database"};
    group.children = {
        leaf("init", {{.name = "timescaledb.chunk-time-interval", .type = settings::Type::duration},
                      {.name = "timescaledb.enable-retention-policy", .type = settings::Type::boolean},
                      {.name = "timescaledb.retention-days", .type = settings::Type::integer}})};
    return group;
}

// A leaf with a required and an optional argument.
inline Command inspect() {
    auto command = leaf("inspect", {{.name = "show-keys", .type = settings::Type::boolean}}, Effect::reads);
    command.arguments = {
        {.name = "device", .description = "what to look for", .value_name = "DEVICE|EUI", .required = true},
        {.name = "undo-file", .description = "where it was", .value_name = "FILE"}};
    return command;
}

inline Command program() {
    Command root{.name = "tti-lw-stack", .summary = "Look after databases"};
    root.children = {is_db(), storage_db()};
    for (const auto* name : {"ns-db", "as-db", "dcs-db"}) {
        root.children.push_back(
            {.name = name, .summary = "Look after a database", .children = {leaf("migrate"), leaf("prune")}});
    }
    root.children.push_back(
        {.name = "noc-db", .summary = "Look after a database", .children = {leaf("init"), leaf("migrate")}});
    root.children[2].children.push_back(inspect());
    auto hidden = leaf("secret-handshake", {}, Effect::reads);
    hidden.hidden = true;
    root.children.push_back(hidden);
    auto run = leaf("run", {{.name = "there"}}, Effect::reads);
    run.arguments = {{.name = "command", .type = settings::Type::list, .value_name = "COMMAND"}};
    root.children.push_back(run);
    return root;
}

// Streams that a test can read, and a clock that it moves.
struct Screen {
    std::ostringstream results;
    std::ostringstream messages;
    std::chrono::steady_clock::time_point time{};

    Terminal terminal(bool interactive = false, std::size_t width = 80) {
        return {results, messages, interactive, width, [this] { return time; }};
    }
};

}  // namespace tti::cli::testing
