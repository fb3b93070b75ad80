#include "identity_server/table_chapter.hpp"

#include <algorithm>

#include "identity_server/drift.hpp"
#include "identity_server/migrations.hpp"

namespace tti::identity_server {
namespace {

database::ReferenceTable* find(std::vector<database::ReferenceTable>& tables, const std::string& name) {
    const auto table = std::ranges::find(tables, name, &database::ReferenceTable::name);
    return table == tables.end() ? nullptr : &*table;
}

std::vector<database::ReferenceTable> stack_tables() {
    std::vector<std::string> all{"20220520000000"};
    for (const auto& migration : migrations()) all.emplace_back(migration.name);
    std::vector<database::ReferenceTable> tables;
    for (const auto& object : expected_objects(all)) {
        if (object.kind == "table") tables.push_back({object.table, "", {}});
        if (object.kind == "view") tables.push_back({object.table, "A view: " + object.definition, {}});
        if (object.kind != "column") continue;
        if (auto* table = find(tables, object.table))
            table->columns.push_back({object.name, object.definition});
    }
    return tables;
}

}  // namespace

database::TableChapter table_chapter() {
    return {"Identity Server",
            "In the schema that `is.database-uri` names, `public` unless set otherwise, and in that of each "
            "tenant.",
            stack_tables()};
}

database::TableChapter register_chapter() {
    return {"Tenants", "In schema `tti` of the Identity Server's database.",
            database::created_tables(register_sql())};
}

}  // namespace tti::identity_server
