#include "application_server/cleanup.hpp"

#include "stale_records/cleanup_command.hpp"

namespace tti::application_server {

cli::Command cleanup_command() {
    return stale_records::cleanup_command(
        {.group = "as-db",
         .summary = "Remove end devices and integrations that the Identity Server no longer knows",
         .what_goes =
             "End devices go with their entry in the EUI index and their cached location; links, pub/subs, "
             "webhooks (where as.webhooks.target is set) and package associations go with their entries in "
             "the lists of their application. An application that can still be restored counts as known. "
             "Entries of the EUI index whose device has no record go, too.",
         .settings = {"as.webhooks.target"},
         .scope = stale_records::application_server_scope});
}

}  // namespace tti::application_server
