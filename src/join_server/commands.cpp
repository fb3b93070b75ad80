#include "join_server/commands.hpp"

#include "join_server/cleanup.hpp"
#include "join_server/inspect.hpp"
#include "join_server/migrate.hpp"
#include "join_server/status.hpp"

namespace tti::join_server {

cli::Command commands() {
    return {.name = "js-db",
            .summary = "Manage the Join Server database",
            .children = {migrate_command(), status_command(), inspect_command(), cleanup_command()}};
}

}  // namespace tti::join_server
