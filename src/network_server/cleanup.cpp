#include "network_server/cleanup.hpp"

#include "stale_records/cleanup_command.hpp"

namespace tti::network_server {

cli::Command cleanup_command() {
    return stale_records::cleanup_command(
        {.group = "ns-db",
         .summary = "Remove end devices that the Identity Server no longer knows",
         .what_goes =
             "An end device goes with its entries in the EUI, DevAddr and relay indexes, the downlink task "
             "that "
             "waits for it, and its messages in the queue for applications. An index entry goes only if it "
             "points to that device. Entries of the EUI and relay indexes whose device has no record go, "
             "too.",
         .scope = [](const settings::Values&) { return stale_records::network_server_scope(); }});
}

}  // namespace tti::network_server
