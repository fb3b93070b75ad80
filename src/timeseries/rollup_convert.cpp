#include "timeseries/rollup_convert.hpp"

#include <fmt/format.h>

#include "timeseries/convert.hpp"
#include "timeseries/partitions.hpp"
#include "timeseries/rollup_partitions.hpp"
#include "timeseries/rollup_sources.hpp"
#include "timeseries/rollup_timescale.hpp"
#include "timeseries/timescale.hpp"

namespace tti::timeseries {
namespace {

using postgres::quote_identifier;

// Who may read the partitions may read the continuous aggregate; TimescaleDB hands rights on to its rows.
constexpr std::string_view rights_sql = R"(
SELECT format('ALTER MATERIALIZED VIEW %s OWNER TO %I', $2::text, pg_get_userbyid(relowner))
  FROM pg_class WHERE oid = $1::regclass AND pg_get_userbyid(relowner) <> current_user
UNION ALL
SELECT format('GRANT SELECT ON %s TO %s%s', $2::text,
              CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
              CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM pg_class, aclexplode(relacl)
 WHERE oid = $1::regclass AND privilege_type = 'SELECT' AND grantee <> relowner)";

// Up to the newest bucket, or now.
Range until_now(postgres::Connection& connection, const Table& table) {
    const auto row = connection.execute(
        fmt::format("SELECT (extract(epoch FROM greatest(now(), max(bucket))) * 1000000)::bigint FROM {}",
                    table.relation()));
    return {Time::min(), Time(Span(row.integer(0, 0))) + Span(1)};
}

RollUp beside(RollUp roll_up) {
    roll_up.name += "_continuous";
    return roll_up;
}

}  // namespace

bool RollUpConversion::begun() {
    if (kept_as(means_.connection, raw_.front()) != Way::timescaledb) return false;
    const Table settings{roll_ups_.schema, "partitioned_tables", ""};
    return !means_.connection.query("SELECT to_regclass($1)", {settings.relation()}).is_null(0, 0);
}

void RollUpConversion::convert_raw(const Table& table, const Progress& progress) {
    postgres::Transaction transaction(means_.connection);
    copy_into_hypertable(means_, table, [&](std::int64_t rows) { progress("inside copy", rows); });
    transaction.commit();
    progress("after hypertable", 0);
}

// Buckets of which rows are gone, instead of what a refresh made of the rest.
std::int64_t RollUpConversion::carry_over(const RollUp& roll_up, const RollUp& beside) {
    auto& connection = means_.connection;
    const auto complete = complete_from(connection, roll_ups_.schema, roll_up.source);
    if (!complete) return 0;
    const auto older = fmt::format("bucket < {}", postgres::quote_literal(format(*complete)));
    const auto rows = TimescaleRollUps(means_, roll_ups_).storage(beside).relation();
    const auto columns = column_list(roll_up);
    postgres::Transaction transaction(connection);
    connection.execute(fmt::format("DELETE FROM {} WHERE {}", rows, older));
    const auto copied = connection
                            .execute(fmt::format("INSERT INTO {0} ({1}) SELECT {1} FROM {2} WHERE {3}", rows,
                                                 columns, roll_ups_.table(roll_up).relation(), older))
                            .affected();
    transaction.commit();
    return copied;
}

void RollUpConversion::take_the_place(const RollUp& roll_up, const RollUp& beside) {
    const auto table = roll_ups_.table(roll_up);
    const auto copy = roll_ups_.table(beside).relation();
    postgres::with_short_locks(
        means_.connection, means_.stop, {}, means_.blocked, [&](postgres::Connection& inside) {
            const auto rights = inside.query(std::string(rights_sql), {table.relation(), copy});
            inside.execute(fmt::format("DROP TABLE {}", table.relation()));
            for (int row = 0; row < rights.rows(); ++row) inside.execute(rights.text(row, 0));
            inside.execute(
                fmt::format("ALTER MATERIALIZED VIEW {} RENAME TO {}", copy, quote_identifier(table.name)));
        });
}

// What a killed run left of it beside the roll-up is made anew.
void RollUpConversion::convert(const RollUp& roll_up, const Progress& progress) {
    const auto table = roll_ups_.table(roll_up);
    const auto copy = beside(roll_up);
    TimescaleRollUps timescale(means_, roll_ups_);
    {
        postgres::Transaction transaction(means_.connection);
        means_.connection.execute(
            fmt::format("DROP MATERIALIZED VIEW IF EXISTS {}", roll_ups_.table(copy).relation()));
        timescale.create_view(copy, Partitions(means_).chunk_length(table));
        transaction.commit();
    }
    progress("after aggregate", 0);
    timescale.refresh_one(copy, until_now(means_.connection, table));
    progress("after aggregate refresh", 0);
    progress("after older buckets", carry_over(roll_up, copy));
    take_the_place(roll_up, copy);
    progress("after place", 0);
}

// A run that was killed may be long ago. Buckets that were copied are not touched.
void RollUpConversion::refresh_what_came_meanwhile() {
    TimescaleRollUps timescale(means_, roll_ups_);
    for (const auto& roll_up : roll_ups_.all) {
        auto range = until_now(means_.connection, roll_ups_.table(roll_up));
        if (const auto complete = complete_from(means_.connection, roll_ups_.schema, roll_up.source))
            range.from = bucket_start(*complete - Span(1), roll_up.bucket) + roll_up.bucket;
        if (range.from < range.to) timescale.refresh_one(roll_up, range);
    }
}

void RollUpConversion::begin_keeping(const Progress& progress) {
    auto& connection = means_.connection;
    Partitions partitions(means_);
    Timescale hypertables(means_);
    TimescaleRollUps timescale(means_, roll_ups_);
    const auto schema = quote_identifier(roll_ups_.schema);
    postgres::Transaction transaction(connection);
    for (const auto& table : raw_) {
        if (const auto retention = partitions.retention(table))
            hypertables.set_retention(table, retention->keep);
        connection.execute(
            fmt::format("DROP FUNCTION {}.{}()", schema, quote_identifier(noting_function(table.name))));
    }
    for (const auto& roll_up : roll_ups_.all) {
        const auto table = roll_ups_.table(roll_up);
        timescale.schedule(roll_up, least_late);
        if (const auto retention = partitions.retention(table))
            hypertables.set_retention(table, retention->keep);
    }
    connection.execute(fmt::format("DROP TABLE {0}.roll_up_changes, {0}.partitioned_tables", schema));
    progress("inside jobs", 0);
    transaction.commit();
}

void RollUpConversion::run(const Progress& progress) {
    for (const auto& table : raw_) {
        if (kept_as(means_.connection, table) == Way::partitions) convert_raw(table, progress);
    }
    for (const auto& roll_up : roll_ups_.all) {
        if (kept_as(means_.connection, roll_ups_.table(roll_up)) == Way::partitions)
            convert(roll_up, progress);
    }
    refresh_what_came_meanwhile();
    progress("after last refresh", 0);
    begin_keeping(progress);
}

}  // namespace tti::timeseries
