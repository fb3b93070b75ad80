#include "network_operations_center/table_chapter.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "embedded/network_operations_center_sql.hpp"
#include "network_operations_center/layout.hpp"
#include "network_operations_center/migrations.hpp"
#include "timeseries/partitions.hpp"
#include "timeseries/rollup_partitions.hpp"
#include "timeseries/rollup_sources.hpp"

namespace tti::network_operations_center {
namespace {

database::ReferenceTable described(const timeseries::RollUp& roll_up) {
    database::ReferenceTable table{
        roll_up.name,
        fmt::format("Aggregates of {} in buckets of {}.", roll_up.source, timeseries::format(roll_up.bucket)),
        {{"bucket", "the start of the bucket"}}};
    for (const auto& group : roll_up.groups) table.columns.push_back({group, "as in " + roll_up.source});
    for (const auto& measure : roll_up.measures) table.columns.push_back({measure.name, measure.expression});
    return table;
}

}  // namespace

database::TableChapter table_chapter() {
    std::vector<database::ReferenceTable> tables;
    const auto take = [&tables](std::string_view sql) {
        std::ranges::move(database::created_tables(sql), std::back_inserter(tables));
    };
    for (const auto& migration : migrations()) {
        if (migration.work == Work::raw_tables || migration.work == Work::sql)
            take(embedded::network_operations_center_sql::file(migration.full_name() + ".up.sql"));
    }
    std::ranges::transform(roll_ups("public").all, std::back_inserter(tables), described);
    take(timeseries::partitioned_tables_sql("public"));
    take(timeseries::roll_up_sources_sql("public"));
    take(timeseries::roll_up_changes_sql("public"));
    return {"Network Operations Center", "In schema `noc`, unless `noc.store.database-uri` names another.",
            std::move(tables)};
}

}  // namespace tti::network_operations_center
