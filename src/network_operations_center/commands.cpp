#include "network_operations_center/commands.hpp"

#include "database/history.hpp"
#include "network_operations_center/migrate.hpp"
#include "network_operations_center/net_ids.hpp"
#include "network_operations_center/session.hpp"

namespace tti::network_operations_center {
namespace {

cli::Command history_command() {
    return database::history_command(
        operation::Area::network_operations_center, "noc-db", database_settings(),
        [](cli::Context& context, const std::function<ExitCode(postgres::Connection&)>& body) {
            return run_reading<Session>(context, Access::read,
                                        [&](Session& session) { return body(session.connection()); });
        });
}

}  // namespace

cli::Command commands() {
    return {
        .name = "noc-db",
        .summary = "Manage the database of the Network Operations Center",
        .children = {init_command(), migrate_command(), status_command(), verify_command(), history_command(),
                     maintain_command(), net_ids_command(), query_command(), demo_command()}};
}

}  // namespace tti::network_operations_center
