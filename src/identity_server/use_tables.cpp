#include "identity_server/use_tables.hpp"

namespace tti::identity_server {

postgres::Statement use_tables(const postgres::Connection& connection, const Tenant& tenant) {
    return {"SELECT set_config('search_path', $1, $2::boolean)",
            {postgres::quote_identifier(tenant.schema), connection.in_transaction() ? "true" : "false"}};
}

}  // namespace tti::identity_server
