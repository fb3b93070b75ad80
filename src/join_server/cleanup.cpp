#include "join_server/cleanup.hpp"

#include "stale_records/cleanup_command.hpp"

namespace tti::join_server {

cli::Command cleanup_command() {
    return stale_records::cleanup_command(
        {.group = "js-db",
         .summary = "Remove end devices and their session keys that the Identity Server no longer knows",
         .what_goes =
             "End devices go with their entries in the EUI and provisioning indexes, and application "
             "activation "
             "settings with their application. Session keys and the lists of them go where neither the Join "
             "Server nor the Identity Server has a device with these EUIs any more.",
         .scope = [](const settings::Values&) { return stale_records::join_server_scope(); }});
}

}  // namespace tti::join_server
