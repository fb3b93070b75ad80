#include "identity_server/drift.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>
#include <span>

#include <fmt/format.h>

#include "embedded/identity_server_schema.hpp"
#include "identity_server/schema_state.hpp"

namespace tti::identity_server {
namespace {

// So many schemas are compared in one round trip, to keep memory bounded.
constexpr std::size_t schemas_at_once = 50;

// Definitions in the form of schema.tsv. pgcrypto's function of a database that began before PostgreSQL 13 is
// the same.
constexpr std::string_view catalogue_sql = R"(
WITH relation AS (
    SELECT c.oid, n.nspname, c.relname, c.relkind
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY ($1::text[])
)
SELECT nspname, 'table', relname, '', '' FROM relation WHERE relkind IN ('r', 'p')
UNION ALL
SELECT r.nspname, 'column', r.relname, a.attname,
    format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
    || coalesce(' default ' || regexp_replace(pg_get_expr(d.adbin, d.adrelid), '^public\.', ''), '')
FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
WHERE r.relkind IN ('r', 'p')
UNION ALL
SELECT r.nspname, 'index', r.relname, i.relname,
    CASE WHEN x.indisunique THEN 'unique ' ELSE '' END
    || substring(pg_get_indexdef(x.indexrelid) FROM ' USING (.*)$')
    || CASE WHEN x.indisvalid THEN '' ELSE ' invalid' END
FROM relation r JOIN pg_index x ON x.indrelid = r.oid JOIN pg_class i ON i.oid = x.indexrelid
UNION ALL
SELECT r.nspname, 'view', r.relname, '',
    'columns ' || (SELECT string_agg(a.attname, ' ' ORDER BY a.attname COLLATE "C") FROM pg_attribute a
        WHERE a.attrelid = r.oid AND a.attnum > 0)
    || ' of ' || (SELECT string_agg(DISTINCT used.relname::text COLLATE "C", ' ' ORDER BY used.relname::text COLLATE "C")
        FROM pg_rewrite w JOIN pg_depend p ON p.classid = 'pg_rewrite'::regclass AND p.objid = w.oid
        JOIN pg_class used ON used.oid = p.refobjid AND p.refclassid = 'pg_class'::regclass
        WHERE w.ev_class = r.oid AND used.oid <> r.oid)
FROM relation r WHERE r.relkind = 'v'
)";

// What the same statements leave alike in every schema, hashed: two schemas with the same sum hold the same
// objects. It costs a small part of putting definitions into words, which is then done for one of them.
constexpr std::string_view fingerprint_sql = R"(
WITH relation AS (
    SELECT c.oid, n.nspname, c.relname, c.relkind
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY ($1::text[]) AND c.relname = ANY ($2::text[]) AND c.relkind IN ('r', 'p', 'v')
), object (nspname, description) AS (
    SELECT nspname, concat_ws('|', 'relation', relname, relkind) FROM relation
    UNION ALL
    SELECT r.nspname, concat_ws('|', 'column', r.relname, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull,
        a.attisdropped, d.adbin::text)
    FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0
    LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
    UNION ALL
    SELECT r.nspname, concat_ws('|', 'index', r.relname, i.relname, i.relam, x.indisunique, x.indisvalid, x.indkey::text,
        x.indnkeyatts, x.indclass::text, x.indoption::text, x.indcollation::text, coalesce(x.indpred::text, 'none'),
        coalesce(x.indexprs::text, 'none'))
    FROM relation r JOIN pg_index x ON x.indrelid = r.oid JOIN pg_class i ON i.oid = x.indexrelid
    UNION ALL
    SELECT r.nspname, concat_ws('|', 'view', r.relname, used.relname, p.refobjsubid)
    FROM relation r JOIN pg_rewrite w ON w.ev_class = r.oid
    JOIN pg_depend p ON p.classid = 'pg_rewrite'::regclass AND p.objid = w.oid
    JOIN pg_class used ON used.oid = p.refobjid AND p.refclassid = 'pg_class'::regclass
    WHERE r.relkind = 'v'
)
SELECT nspname, sum(hashtextextended(description, 0)) FROM object GROUP BY 1
)";

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (std::size_t end = 0; end != std::string_view::npos;) {
        end = text.find(separator);
        parts.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return parts;
}

using Key = std::array<std::string, 3>;  // kind, table, name
using Objects = std::map<Key, std::string>;

Objects by_key(const std::vector<SchemaObject>& objects) {
    Objects result;
    for (const auto& object : objects) result[{object.kind, object.table, object.name}] = object.definition;
    return result;
}

std::map<std::string, Objects> read_catalogue(postgres::Connection& connection,
                                              std::span<const std::string> schemas) {
    std::map<std::string, Objects> result;
    const auto rows = connection.query(std::string(catalogue_sql), {postgres::array_literal(schemas)});
    for (int row = 0; row < rows.rows(); ++row) {
        const auto text = [&](int column) { return std::string(rows.text(row, column)); };
        result[text(0)][{text(1), text(2), text(3)}] = text(4);
    }
    return result;
}

// Tables that are not the stack's are nobody's business here; additional objects on the stack's own are told.
bool concerns(const Key& key, const Objects& expected) {
    return key[0] != "table" && key[0] != "view" && expected.contains({"table", key[1], ""});
}

void compare(const Tenant& tenant, const Objects& expected, const Objects& found,
             std::vector<Difference>& result) {
    const auto object = [](const Key& key, const std::string& definition) {
        return SchemaObject{key[0], key[1], key[2], definition};
    };
    for (const auto& [key, definition] : expected) {
        const auto live = found.find(key);
        if (live == found.end()) {
            result.push_back({Difference::Kind::missing, tenant.id, object(key, definition), ""});
        } else if (live->second != definition) {
            result.push_back({Difference::Kind::different, tenant.id, object(key, definition), live->second});
        }
    }
    for (const auto& [key, definition] : found) {
        if (expected.contains(key) || !concerns(key, expected)) continue;
        result.push_back({Difference::Kind::additional, tenant.id, object(key, definition), ""});
    }
}

// Every table and view that one of the migrations makes.
std::vector<std::string> known_relations() {
    std::set<std::string> names;
    for (const auto line : split(embedded::identity_server_schema::file("schema.tsv"), '\n')) {
        const auto fields = split(line, '\t');
        if (fields.size() > 1) names.emplace(fields[1]);
    }
    return {names.begin(), names.end()};
}

std::map<std::string, std::string> read_fingerprints(postgres::Connection& connection,
                                                     const std::vector<Tenant>& tenants) {
    std::vector<std::string> schemas;
    schemas.reserve(tenants.size());
    for (const auto& tenant : tenants) schemas.push_back(tenant.schema);
    const auto names = known_relations();
    const auto rows = connection.query(
        std::string(fingerprint_sql),
        {postgres::array_literal(std::span(schemas)), postgres::array_literal(std::span(names))});
    std::map<std::string, std::string> result;
    for (int row = 0; row < rows.rows(); ++row) result.emplace(rows.text(row, 0), rows.text(row, 1));
    return result;
}

std::vector<std::string> applied_names(const SchemaState& state) {
    std::vector<std::string> names;
    for (const auto* migration : state.applied()) names.emplace_back(migration->name);
    return names;
}

// Tenants whose schemas hold the same, and should.
struct Alike {
    Tenant first;
    std::vector<std::string> applied;
    std::vector<Difference> differences;  // of the first, and so of all
};

struct Groups {
    std::vector<std::unique_ptr<Alike>> all;
    std::map<std::string, Alike*> of;  // by schema
};

Groups group_alike(postgres::Connection& connection, const std::vector<Tenant>& tenants) {
    const auto states = read_states(connection, tenants);
    auto fingerprints = read_fingerprints(connection, tenants);
    std::map<std::pair<std::vector<std::string>, std::string>, Alike*> known;
    Groups groups;
    for (const auto& tenant : tenants) {
        const auto applied = applied_names(states.at(tenant.schema));
        auto& alike = known[{applied, fingerprints[tenant.schema]}];
        if (alike == nullptr) {
            groups.all.push_back(std::make_unique<Alike>(Alike{tenant, applied, {}}));
            alike = groups.all.back().get();
        }
        groups.of[tenant.schema] = alike;
    }
    return groups;
}

void compare_first_ones(postgres::Connection& connection, const Groups& groups) {
    std::map<std::vector<std::string>, Objects> expected;  // tenants are mostly alike
    for (std::size_t start = 0; start < groups.all.size(); start += schemas_at_once) {
        const auto batch =
            std::span(groups.all).subspan(start, std::min(schemas_at_once, groups.all.size() - start));
        std::vector<std::string> schemas;
        for (const auto& alike : batch) schemas.push_back(alike->first.schema);
        auto catalogue = read_catalogue(connection, schemas);
        for (const auto& alike : batch) {
            auto [entry, added] = expected.try_emplace(alike->applied);
            if (added) entry->second = by_key(expected_objects(alike->applied));
            compare(alike->first, entry->second, catalogue[alike->first.schema], alike->differences);
        }
    }
}

}  // namespace

std::string describe(const Difference& difference) {
    const auto& object = difference.object;
    auto name = fmt::format("tenant {}: {} {}{}{}", difference.tenant, object.kind, object.table,
                            object.name.empty() ? "" : ".", object.name);
    switch (difference.kind) {
        case Difference::Kind::missing:
            return fmt::format(R"({} is missing; it should be "{}")", name, object.definition);
        case Difference::Kind::different:
            return fmt::format(R"({} is "{}"; it should be "{}")", name, difference.found, object.definition);
        case Difference::Kind::additional:
            return fmt::format(R"({} is additional: "{}")", name, object.definition);
    }
    return name;
}

std::vector<SchemaObject> expected_objects(const std::vector<std::string>& applied) {
    const std::set<std::string_view> names(applied.begin(), applied.end());
    std::vector<SchemaObject> objects;
    for (const auto line : split(embedded::identity_server_schema::file("schema.tsv"), '\n')) {
        const auto fields = split(line, '\t');
        constexpr std::size_t field_count = 6;  // kind, table, name, definition, since, until
        if (fields.size() != field_count || !names.contains(fields[4]) || names.contains(fields[5])) continue;
        objects.push_back(
            {std::string(fields[0]), std::string(fields[1]), std::string(fields[2]), std::string(fields[3])});
    }
    return objects;
}

std::vector<Difference> find_drift(postgres::Connection& connection, const std::vector<Tenant>& tenants) {
    const auto likes = group_alike(connection, tenants);
    compare_first_ones(connection, likes);
    std::vector<Difference> result;
    for (const auto& tenant : tenants) {
        for (auto difference : likes.of.at(tenant.schema)->differences) {
            difference.tenant = tenant.id;
            result.push_back(std::move(difference));
        }
    }
    return result;
}

}  // namespace tti::identity_server
