#include "storage_integration/table_chapter.hpp"

#include <algorithm>
#include <iterator>

#include "embedded/storage_integration_sql.hpp"
#include "storage_integration/migrations.hpp"
#include "timeseries/partitions.hpp"

namespace tti::storage_integration {

database::TableChapter table_chapter() {
    std::vector<database::ReferenceTable> tables;
    const auto take = [&tables](std::string_view sql) {
        std::ranges::move(database::created_tables(sql), std::back_inserter(tables));
    };
    for (const auto& migration : migrations())
        take(embedded::storage_integration_sql::file(migration.full_name() + ".up.sql"));
    take(timeseries::partitioned_tables_sql("public"));
    return {"Storage Integration",
            "In schema `storage`, unless `as.packages.storage.postgres.database-uri` names another.",
            std::move(tables)};
}

}  // namespace tti::storage_integration
