#include "timeseries/rollup_partitions.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "timeseries/partitions.hpp"
#include "timeseries/rollup_sources.hpp"

namespace tti::timeseries {
namespace {

using postgres::Connection;
using postgres::quote_identifier;
using postgres::quote_literal;

// So that a transaction of a refresh stays short, and there are not too many.
constexpr int most_units_at_once = 24;

constexpr std::string_view changes_sql = R"(
-- What has changed since the aggregates were made, where partitions keep them.
CREATE TABLE IF NOT EXISTS {0}.roll_up_changes (source text NOT NULL, unit timestamptz NOT NULL);
CREATE INDEX IF NOT EXISTS roll_up_changes_by_source ON {0}.roll_up_changes (source, unit))";

// It writes with the rights of the owner of the tables: who may store rows need not know of roll-ups.
constexpr std::string_view function_sql = R"(
CREATE FUNCTION {0}.{1}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $note$
BEGIN
    INSERT INTO {0}.roll_up_changes (source, unit) SELECT DISTINCT {2}, {3} FROM changed;
    RETURN NULL;
END
$note$)";

constexpr std::string_view trigger_sql =
    "CREATE TRIGGER {} AFTER {} ON {} REFERENCING {} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "
    "{}.{}()";

std::string literal(Time time) {
    return quote_literal(format(time)) + "::timestamptz";
}

std::string bucket_of(Span bucket, const std::string& time) {
    return fmt::format("date_bin({}::interval, {}, {})", quote_literal(interval_text(bucket)), time,
                       literal(bucket_origin));
}

// What is asked for together, the rows of one entity in a bucket, is in few pages then.
std::string order_of(const RollUp& roll_up) {
    std::string order = "bucket";
    for (const auto& group : roll_up.groups) order += ", " + quote_identifier(group);
    return order;
}

std::string within(const std::string& column, const Range& range) {
    return fmt::format("{0} >= {1} AND {0} < {2}", quote_identifier(column), literal(range.from),
                       literal(range.to));
}

}  // namespace

std::string PartitionedRollUps::relation(std::string_view name) const {
    return quote_identifier(roll_ups_.schema) + "." + quote_identifier(name);
}

std::string noting_function(const std::string& source) {
    return "note_changes_of_" + source;
}

std::string roll_up_changes_sql(const std::string& schema) {
    return fmt::format(changes_sql, quote_identifier(schema));
}

void PartitionedRollUps::watch(const Table& source) {
    auto& connection = means_.connection;
    const auto schema = quote_identifier(roll_ups_.schema);
    static_cast<void>(remember_source(connection, roll_ups_.schema, source.name));
    connection.execute(roll_up_changes_sql(roll_ups_.schema));
    const auto function = quote_identifier(noting_function(source.name));
    connection.execute(
        fmt::format(function_sql, schema, function, quote_literal(source.name),
                    bucket_of(roll_ups_.unit(source.name), quote_identifier(source.time_column))));
    // The old rows of an update too: a row may have moved to another time.
    for (const auto& [name, event, rows] :
         {std::tuple("note_insert", "INSERT", "NEW"), std::tuple("note_update_from", "UPDATE", "OLD"),
          std::tuple("note_update_to", "UPDATE", "NEW"), std::tuple("note_delete", "DELETE", "OLD")}) {
        connection.execute(fmt::format(trigger_sql, name, event, source.relation(), rows, schema, function));
    }
}

// The columns are those of the query; no column is given a type twice.
void PartitionedRollUps::create(const RollUp& roll_up, Span chunk_length) {
    auto& connection = means_.connection;
    Partitions partitions(means_);
    const auto table = roll_ups_.table(roll_up);
    if (roll_ups_.is_source(roll_up.name))
        static_cast<void>(remember_source(connection, roll_ups_.schema, roll_up.name));
    const auto query = aggregate_sql(roll_ups_.schema, roll_up,
                                     bucket_of(roll_up.bucket, quote_identifier(roll_up.source_time)), "");
    const auto shape = relation(roll_up.name + "_shape");
    connection.execute(fmt::format("CREATE VIEW {} AS {}", shape, query));
    connection.execute(fmt::format("CREATE TABLE {} (LIKE {}){}", table.relation(), shape,
                                   partitions.create_clause("bucket")));
    connection.execute(fmt::format("DROP VIEW {}", shape));
    connection.execute(fmt::format("ALTER TABLE {} ALTER bucket SET NOT NULL", table.relation()));
    for (const auto& index : roll_up.indexes)
        connection.execute(fmt::format("CREATE INDEX ON {} ({})", table.relation(), index));
    partitions.adopt(table, chunk_length);
    note(roll_up.source, {Time::min(), Time::max()});
    fill_incomplete(roll_up);
}

// No refresh makes buckets of a time whose source is partly gone. One that has never been there is made of
// what is left. The plain bound leaves out partitions.
void PartitionedRollUps::fill_incomplete(const RollUp& roll_up) {
    const auto time = quote_identifier(roll_up.source_time);
    const auto unit = roll_ups_.unit(roll_up.source);
    const auto complete_from = fmt::format("SELECT complete_from FROM {} WHERE source = {}",
                                           relation("roll_up_sources"), quote_literal(roll_up.source));
    const auto incomplete =
        fmt::format("{} < ({}) AND {} < ({}) + {}::interval", bucket_of(unit, time), complete_from, time,
                    complete_from, quote_literal(interval_text(unit)));
    means_.connection.execute(
        fmt::format("INSERT INTO {} ({}) {}", roll_ups_.table(roll_up).relation(), column_list(roll_up),
                    aggregate_sql(roll_ups_.schema, roll_up, bucket_of(roll_up.bucket, time), incomplete)));
}

// That all of a range has changed; where it is everything, what there is.
void PartitionedRollUps::note(const std::string& source, const Range& range) {
    const auto unit = roll_ups_.unit(source);
    const auto changes = relation("roll_up_changes");
    if (range.from != Time::min()) {
        means_.connection.execute(fmt::format(
            "INSERT INTO {0} (source, unit) SELECT {1}, u FROM generate_series({2}, {3}, {4}::interval) u",
            changes, quote_literal(source), bucket_of(unit, literal(range.from)), literal(range.to - Span(1)),
            quote_literal(interval_text(unit))));
        return;
    }
    const auto* roll_up = roll_ups_.built_on(source).front();
    means_.connection.execute(fmt::format(
        "INSERT INTO {} (source, unit) SELECT DISTINCT {}, {} FROM {}", changes, quote_literal(source),
        bucket_of(unit, quote_identifier(roll_up->source_time)), relation(source)));
}

std::vector<Stale> PartitionedRollUps::stale_of(const std::string& source) {
    const auto rows = means_.connection.query(
        fmt::format(
            "SELECT DISTINCT (extract(epoch FROM c.unit) * 1000000)::bigint, c.unit < s.complete_from "
            "FROM {} c JOIN {} s USING (source) WHERE source = $1 ORDER BY 1",
            relation("roll_up_changes"), relation("roll_up_sources")),
        {source});
    std::vector<Time> late;
    std::vector<Time> units;
    for (int row = 0; row < rows.rows(); ++row)
        (rows.boolean(row, 1) ? late : units).emplace_back(Span(rows.integer(row, 0)));
    std::vector<Stale> result;
    const auto unit = roll_ups_.unit(source);
    for (const auto& range : merge_units(late, unit, most_units_at_once))
        result.push_back({source, range, true});
    for (const auto& range : merge_units(units, unit, most_units_at_once))
        result.push_back({source, range, false});
    return result;
}

std::vector<Stale> PartitionedRollUps::stale() {
    std::vector<Stale> result;
    for (const auto& source : roll_ups_.sources())
        std::ranges::move(stale_of(source), std::back_inserter(result));
    return result;
}

std::int64_t PartitionedRollUps::replace(const RollUp& roll_up, const Range& range) {
    auto& connection = means_.connection;
    const auto target = roll_ups_.table(roll_up).relation();
    connection.execute(fmt::format("DELETE FROM {} WHERE {}", target, within("bucket", range)));
    return connection
        .execute(fmt::format("INSERT INTO {} ({}) {} ORDER BY {}", target, column_list(roll_up),
                             aggregate_sql(roll_ups_.schema, roll_up,
                                           bucket_of(roll_up.bucket, quote_identifier(roll_up.source_time)),
                                           within(roll_up.source_time, range)),
                             order_of(roll_up)))
        .affected();
}

// Statements after the first see at least the rows whose notes it took; what is stored meanwhile has left a
// note of its own.
std::int64_t PartitionedRollUps::refresh(const Stale& stale) {
    auto& connection = means_.connection;
    std::int64_t written = 0;
    postgres::Transaction transaction(connection);
    // One refresh of a source at a time.
    connection.query(
        fmt::format("UPDATE {} SET refreshed_at = now() WHERE source = $1", relation("roll_up_sources")),
        {stale.source});
    connection.query(
        fmt::format("DELETE FROM {} WHERE source = $1 AND unit >= $2::timestamptz AND unit < $3::timestamptz",
                    relation("roll_up_changes")),
        {stale.source, format(stale.range.from), format(stale.range.to)});
    if (!stale.too_late) {
        for (const auto* roll_up : roll_ups_.built_on(stale.source)) {
            written += replace(*roll_up, stale.range);
            if (roll_ups_.is_source(roll_up->name)) note(roll_up->name, stale.range);
        }
    }
    transaction.commit();
    return written;
}

// Source by source, since what is refreshed makes what is built on it stale.
void PartitionedRollUps::refresh_all(const Range& /*range*/, const std::function<void(std::int64_t)>& done) {
    for (const auto& source : roll_ups_.sources()) {
        for (const auto& piece : stale_of(source)) done(refresh(piece));
    }
}

void PartitionedRollUps::will_drop(const std::string& source, Time before) {
    note_gone(means_.connection, roll_ups_.schema, source, before);
}

void PartitionedRollUps::load(const RollUp& roll_up, const Copy& copy) {
    const auto table = roll_ups_.table(roll_up).relation();
    postgres::Transaction transaction(means_.connection);
    means_.connection.execute("DELETE FROM " + table);
    copy(table);
    transaction.commit();
}

void PartitionedRollUps::remake(const RollUp& roll_up, Time from) {
    replace_since(means_.connection, roll_ups_, roll_up, roll_ups_.table(roll_up).relation(),
                  bucket_of(roll_up.bucket, quote_identifier(roll_up.source_time)),
                  next_bucket_start(from, roll_up.bucket));
}

std::int64_t PartitionedRollUps::erase(const RollUp& roll_up, const std::string& condition) {
    return means_.connection
        .execute(fmt::format("DELETE FROM {} WHERE {}", roll_ups_.table(roll_up).relation(), condition))
        .affected();
}

}  // namespace tti::timeseries
