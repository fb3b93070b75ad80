#pragma once

#include <string>
#include <vector>

#include "identity_server/tenant.hpp"
#include "postgres/connection.hpp"

namespace tti::identity_server {

// An object of the catalogue: a table, column, index or view, and what it is like, in one normal form.
struct SchemaObject {
    std::string kind;
    std::string table;
    std::string name;  // empty for tables and views
    std::string definition;
    auto operator<=>(const SchemaObject&) const = default;
};

struct Difference {
    enum class Kind { missing, different, additional };
    Kind kind;
    std::string tenant;
    SchemaObject object;  // as it should be; for additional ones, as it is
    std::string found;    // definition found, where it differs
    // Additional objects (an operator's own index) are told, and are no drift.
    [[nodiscard]] bool is_drift() const { return kind != Kind::additional; }
};
std::string describe(const Difference& difference);

// What a schema with these migrations applied must hold, from the list in
// migrations/identity_server/schema.tsv.
std::vector<SchemaObject> expected_objects(const std::vector<std::string>& applied);

// Compares tenants' schemas with what their applied migrations should have left, in a few round trips.
std::vector<Difference> find_drift(postgres::Connection& connection, const std::vector<Tenant>& tenants);

}  // namespace tti::identity_server
