#include "stale_records/identity_source.hpp"

#include "util/error.hpp"

namespace tti::stale_records {

std::unique_ptr<IdentitySource> open_identity_source(cli::Context& context) {
    const auto& values = context.values;
    const bool database = values.has("is.database-uri") &&
                          values.source("is.database-uri").origin != settings::Origin::default_value;
    if (database) return open_database_source(context);
    if (!values.text("cluster.identity-server").empty()) return open_grpc_source(context);
    throw UsageError(
        "there is no Identity Server to ask: neither is.database-uri nor cluster.identity-server is set",
        "Set is.database-uri to its database, or cluster.identity-server to its address and "
        "cluster.keys to the key of the cluster.");
}

std::vector<std::string> identity_source_settings() {
    return {"is.database-uri", "cluster.identity-server", "cluster.keys", "cluster.name",
            "cluster.tls",     "cluster.tls-server-name", "tls.root-ca",  "tls.insecure-skip-verify"};
}

std::vector<settings::Option> identity_source_options() {
    return {
        {.name = "pagination-delay",
         .type = settings::Type::duration,
         .description = "pause between the pages that the Identity Server is asked for; a database has none",
         .value_name = "DURATION",
         .default_text = "10ms",
         .unit_optional = true}};
}

}  // namespace tti::stale_records
