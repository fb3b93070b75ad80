#include "database/history.hpp"

#include "identity_server/session.hpp"
#include "identity_server/status.hpp"

namespace tti::identity_server {

cli::Command history_command() {
    return database::history_command(
        operation::Area::identity_server, "is-db", {"is.database-uri", "tenancy.default-id"},
        [](cli::Context& context, const std::function<ExitCode(postgres::Connection&)>& body) {
            return run_reading(context, [&](Session& session) { return body(session.connection()); });
        });
}

}  // namespace tti::identity_server
