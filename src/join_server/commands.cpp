#include "join_server/commands.hpp"

#include "join_server/cleanup.hpp"
#include "join_server/inspect.hpp"
#include "join_server/migrate.hpp"
#include "join_server/status.hpp"
#include "key_space/history.hpp"

namespace tti::join_server {

cli::Command commands() {
    return {.name = "js-db",
            .summary = "Manage the Join Server database",
            .children = {migrate_command(), status_command(),
                         key_space::history_command(operation::Area::join_server, "js-db"), inspect_command(),
                         cleanup_command()}};
}

}  // namespace tti::join_server
