#include "storage_integration/commands.hpp"

#include "database/history.hpp"
#include "storage_integration/migrate.hpp"
#include "storage_integration/session.hpp"

namespace tti::storage_integration {
namespace {

cli::Command history_command() {
    return database::history_command(
        operation::Area::storage_integration, "storage-db", database_settings(),
        [](cli::Context& context, const std::function<ExitCode(postgres::Connection&)>& body) {
            return run_reading<Session>(context, Access::read,
                                        [&](Session& session) { return body(session.connection()); });
        });
}

}  // namespace

cli::Command commands() {
    return {.name = "storage-db",
            .summary = "Manage the database of stored messages",
            .children = {init_command(), migrate_command(), status_command(), verify_command(),
                         history_command(), retention_command(), maintain_command(), count_command(),
                         export_command(), demo_command()}};
}

}  // namespace tti::storage_integration
