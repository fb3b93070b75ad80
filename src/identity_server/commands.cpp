#include "identity_server/commands.hpp"

#include "identity_server/cleanup.hpp"
#include "identity_server/create_admin_user.hpp"
#include "identity_server/create_eui_block.hpp"
#include "identity_server/create_oauth_client.hpp"
#include "identity_server/create_user_api_key.hpp"
#include "identity_server/listings.hpp"
#include "identity_server/migrate.hpp"
#include "identity_server/status.hpp"
#include "identity_server/tenants.hpp"

namespace tti::identity_server {

cli::Command commands() {
    return {
        .name = "is-db",
        .summary = "Manage the Identity Server database",
        .children = {init_command(), migrate_command(), status_command(), verify_command(), history_command(),
                     create_tenant_command(), tenants_command(), delete_tenant_command(),
                     tenant_uri_command(), create_oauth_client_command(), oauth_clients_command(),
                     create_admin_user_command(), admin_users_command(), create_user_api_key_command(),
                     create_eui_block_command(), cleanup_command(), restore_command()}};
}

}  // namespace tti::identity_server
