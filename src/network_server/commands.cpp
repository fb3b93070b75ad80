#include "network_server/commands.hpp"

#include "key_space/history.hpp"
#include "network_server/cleanup.hpp"
#include "network_server/inspect.hpp"
#include "network_server/migrate.hpp"
#include "network_server/prune.hpp"
#include "network_server/purge.hpp"
#include "network_server/status.hpp"

namespace tti::network_server {

cli::Command commands() {
    return {.name = "ns-db",
            .summary = "Manage the Network Server database",
            .children = {
                migrate_command(), prune_command(), purge_command(), cleanup_command(), status_command(),
                key_space::history_command(operation::Area::network_server, "ns-db"), inspect_command()}};
}

}  // namespace tti::network_server
