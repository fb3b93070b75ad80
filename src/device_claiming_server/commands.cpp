#include "device_claiming_server/commands.hpp"

#include "key_space/history.hpp"

namespace tti::device_claiming_server {

cli::Command commands() {
    return {.name = "dcs-db",
            .summary = "Manage what the Device Claiming Server left in Redis",
            .children = {migrate_command(), status_command(),
                         key_space::history_command(operation::Area::device_claiming_server, "dcs-db"),
                         purge_command()}};
}

}  // namespace tti::device_claiming_server
