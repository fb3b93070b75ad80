#include "timeseries/convert.hpp"

#include <fmt/format.h>

#include "timeseries/partitions.hpp"
#include "timeseries/timescale.hpp"

namespace tti::timeseries {
namespace {

using postgres::Connection;

std::vector<std::string> texts(const postgres::Result& rows) {
    std::vector<std::string> result;
    result.reserve(static_cast<std::size_t>(rows.rows()));
    for (int row = 0; row < rows.rows(); ++row) result.emplace_back(rows.text(row, 0));
    return result;
}

// As statements that build them on the table of that name; those of a partitioned table say "ON ONLY".
std::vector<std::string> index_statements(Connection& connection, const Table& table) {
    return texts(connection.query(
        "SELECT regexp_replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') FROM pg_index WHERE "
        "indrelid = $1::regclass ORDER BY indexrelid",
        {table.relation()}));
}

std::int64_t copy_rows(Connection& connection, const std::string& from, const Table& to) {
    return connection.execute(fmt::format("INSERT INTO {} SELECT * FROM {}", to.relation(), from)).affected();
}

// Partition by partition, the default one last, so that progress can be told.
std::vector<std::string> parts(Connection& connection, const Table& table) {
    return texts(
        connection.query("SELECT inhrelid::regclass::text FROM pg_inherits JOIN pg_class c ON c.oid = "
                         "inhrelid WHERE inhparent "
                         "= $1::regclass ORDER BY pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', 1",
                         {table.relation()}));
}

// Owner and rights of one table, as statements for the other.
std::vector<std::string> ownership(Connection& connection, const Table& from, const Table& to) {
    return texts(connection.query(
        "SELECT format('ALTER TABLE %s OWNER TO %I', $2::text, pg_get_userbyid(relowner)) FROM pg_class "
        "WHERE "
        "oid = $1::regclass UNION ALL SELECT format('GRANT %s ON %s TO %s%s', privilege_type, $2::text, CASE "
        "grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, CASE WHEN is_grantable "
        "THEN ' WITH GRANT OPTION' ELSE '' END) FROM pg_class, aclexplode(relacl) WHERE oid = $1::regclass",
        {from.relation(), to.relation()}));
}

void take_the_place(Connection& connection, const Table& table, const Table& copy,
                    const std::vector<std::string>& indexes) {
    connection.execute(fmt::format("DROP TABLE {}", table.relation()));
    connection.execute(
        fmt::format("ALTER TABLE {} RENAME TO {}", copy.relation(), postgres::quote_identifier(table.name)));
    for (const auto& index : indexes) connection.execute(index);
}

}  // namespace

void copy_into_hypertable(const Means& means, const Table& table,
                          const std::function<void(std::int64_t)>& progress) {
    auto& connection = means.connection;
    const Table copy{table.schema, table.name + "_hypertable", table.time_column};
    connection.execute(fmt::format("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", table.relation()));
    const auto indexes = index_statements(connection, table);
    connection.execute(
        fmt::format("CREATE TABLE {} (LIKE {} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)",
                    copy.relation(), table.relation()));
    Timescale(means).adopt(copy, Partitions(means).chunk_length(table));
    for (const auto& statement : ownership(connection, table, copy)) connection.execute(statement);
    for (const auto& part : parts(connection, table)) progress(copy_rows(connection, part, copy));
    take_the_place(connection, table, copy, indexes);
}

std::int64_t convert_to_timescaledb(const Means& means, const Table& table,
                                    const std::function<void(std::int64_t)>& progress) {
    auto& connection = means.connection;
    std::int64_t copied = 0;
    postgres::Transaction transaction(connection);
    const auto retention = Partitions(means).retention(table);
    copy_into_hypertable(means, table, [&](std::int64_t rows) {
        copied += rows;
        progress(copied);
    });
    if (retention) Timescale(means).set_retention(table, retention->keep);
    connection.query(fmt::format("DELETE FROM {}.partitioned_tables WHERE table_name = $1",
                                 postgres::quote_identifier(table.schema)),
                     {table.name});
    transaction.commit();
    return copied;
}

}  // namespace tti::timeseries
