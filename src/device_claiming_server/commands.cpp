#include "device_claiming_server/commands.hpp"

namespace tti::device_claiming_server {

cli::Command commands() {
    return {.name = "dcs-db",
            .summary = "Manage what the Device Claiming Server left in Redis",
            .children = {migrate_command(), status_command(), purge_command()}};
}

}  // namespace tti::device_claiming_server
