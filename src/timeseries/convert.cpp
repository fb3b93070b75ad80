#include "timeseries/convert.hpp"

#include <fmt/format.h>

#include "timeseries/partitions.hpp"
#include "timeseries/timescale.hpp"

namespace tti::timeseries {
namespace {

using postgres::Connection;

// As statements that build them on the table of that name; those of a partitioned table say "ON ONLY".
std::vector<std::string> index_statements(Connection& connection, const Table& table) {
    const auto rows = connection.query(
        "SELECT regexp_replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') FROM pg_index WHERE "
        "indrelid "
        "= $1::regclass ORDER BY indexrelid",
        {table.relation()});
    std::vector<std::string> result;
    for (int row = 0; row < rows.rows(); ++row) result.emplace_back(rows.text(row, 0));
    return result;
}

std::int64_t copy_rows(Connection& connection, const std::string& from, const Table& to) {
    return connection.execute(fmt::format("INSERT INTO {} SELECT * FROM {}", to.relation(), from)).affected();
}

// Partition by partition, the default one last, so that progress can be told.
std::vector<std::string> parts(Connection& connection, const Table& table) {
    const auto rows = connection.query(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = $1::regclass ORDER BY 1",
        {table.relation()});
    std::vector<std::string> result;
    for (int row = 0; row < rows.rows(); ++row) result.emplace_back(rows.text(row, 0));
    return result;
}

void take_the_place(Connection& connection, const Table& table, const Table& copy,
                    const std::vector<std::string>& indexes) {
    connection.execute(fmt::format("DROP TABLE {}", table.relation()));
    connection.execute(
        fmt::format("ALTER TABLE {} RENAME TO {}", copy.relation(), postgres::quote_identifier(table.name)));
    for (const auto& index : indexes) connection.execute(index);
}

}  // namespace

std::int64_t convert_to_timescaledb(const Means& means, const Table& table,
                                    const std::function<void(std::int64_t)>& progress) {
    auto& connection = means.connection;
    Partitions partitions(means);
    Timescale timescale(means);
    const Table copy{table.schema, table.name + "_hypertable", table.time_column};
    std::int64_t copied = 0;
    postgres::Transaction transaction(connection);
    connection.execute(fmt::format("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", table.relation()));
    const auto length = partitions.chunk_length(table);
    const auto retention = partitions.retention(table);
    const auto indexes = index_statements(connection, table);
    connection.execute(
        fmt::format("CREATE TABLE {} (LIKE {} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)",
                    copy.relation(), table.relation()));
    timescale.adopt(copy, length);
    for (const auto& part : parts(connection, table)) {
        copied += copy_rows(connection, part, copy);
        progress(copied);
    }
    take_the_place(connection, table, copy, indexes);
    if (retention) timescale.set_retention(table, retention->keep);
    connection.query(fmt::format("DELETE FROM {}.partitioned_tables WHERE table_name = $1",
                                 postgres::quote_identifier(table.schema)),
                     {table.name});
    transaction.commit();
    return copied;
}

}  // namespace tti::timeseries
