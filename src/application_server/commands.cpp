#include "application_server/commands.hpp"

#include "application_server/cleanup.hpp"
#include "application_server/inspect.hpp"
#include "application_server/migrate.hpp"
#include "application_server/purge.hpp"
#include "application_server/status.hpp"
#include "key_space/history.hpp"

namespace tti::application_server {

cli::Command commands() {
    return {.name = "as-db",
            .summary = "Manage the Application Server database",
            .children = {migrate_command(), purge_command(), status_command(),
                         key_space::history_command(operation::Area::application_server, "as-db"),
                         inspect_command(), cleanup_command()}};
}

}  // namespace tti::application_server
