#include "database/search_path.hpp"

namespace tti::database {

void set_search_path(postgres::Connection& connection, const std::string& schema) {
    connection.query(
        "SELECT set_config('search_path', $1 || coalesce((SELECT ', ' || quote_ident(n.nspname) FROM "
        "pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'timescaledb'), ''), "
        "$2::boolean)",
        {postgres::quote_identifier(schema), connection.in_transaction() ? "true" : "false"});
}

void create_schema(postgres::Connection& connection, const std::string& schema) {
    const auto quoted = postgres::quote_identifier(schema);
    if (connection.query("SELECT to_regnamespace($1)", {quoted}).is_null(0, 0))
        connection.execute("CREATE SCHEMA " + quoted);
}

}  // namespace tti::database
