#pragma once

#include <string>
#include <string_view>

#include "postgres/connection.hpp"

namespace tti::identity_server {

// A tenant is a schema with the stack's unmodified tables. The default tenant lives in the schema that the
// database URI names.
struct Tenant {
    std::string id;
    std::string schema;  // unquoted
    bool is_default = false;
};

// "\"tenant_acme\".\"users\"", for statements.
inline std::string qualified(const Tenant& tenant, std::string_view table) {
    return postgres::quote_identifier(tenant.schema) + "." + postgres::quote_identifier(table);
}

// "tenant_" and the ID with - as _.
std::string schema_for(std::string_view tenant_id);

}  // namespace tti::identity_server
