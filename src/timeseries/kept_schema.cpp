#include "timeseries/kept_schema.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "postgres/migrator.hpp"
#include "timeseries/rollup_sources.hpp"
#include "timeseries/rollup_timescale.hpp"
#include "timeseries/timescale.hpp"

namespace tti::timeseries {
namespace {

using postgres::Connection;

class Description {
  public:
    Description(const Means& means, const std::string& schema, const DeclaredSchema& declared)
        : means_(means),
          schema_(schema),
          declared_(declared),
          keeper_(means),
          now_(server_now(connection())) {}

    Expected<KeptSchema> operator()() {
        KeptSchema result{.schema = schema_, .migrations = {}, .tables = {}};
        const auto bookkeeping = postgres::read_bookkeeping(connection(), {schema_}).at(schema_);
        for (const auto& applied : bookkeeping.applied) result.migrations.push_back(applied.name);
        there_ = relations();
        for (const auto& name : declared_.keeping) there_.erase(name);
        for (const auto& name : declared_.ordinary) {
            if (there_.erase(name) > 0) result.tables.push_back({.name = name, .columns = columns(name)});
        }
        for (const auto& table : declared_.chunked) {
            if (is_hypertable(table))
                result.tables.push_back(chunked(table, table, KeptTable::Kind::chunked));
        }
        for (const auto& roll_up : declared_.roll_ups.all) {
            if (there_.erase(roll_up.name) > 0) result.tables.push_back(describe(roll_up));
        }
        if (there_.empty()) return result;
        return unexpected(fmt::format("{}.{}", schema_, *there_.begin()));
    }

  private:
    Connection& connection() { return means_.connection; }

    // Tables and views of the schema, an extension's left out.
    std::set<std::string, std::less<>> relations() {
        const auto rows = connection().query(
            "SELECT relname FROM pg_class o WHERE relnamespace = to_regnamespace($1) AND relkind IN ('r', "
            "'p', 'v', "
            "'m', 'f') AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND "
            "d.objid = o.oid AND d.deptype = 'e')",
            {postgres::quote_identifier(schema_)});
        std::set<std::string, std::less<>> names;
        for (int row = 0; row < rows.rows(); ++row) names.emplace(rows.text(row, 0));
        return names;
    }

    // One that became an ordinary table is left among what was not declared.
    bool is_hypertable(const Table& table) {
        return there_.contains(table.name) && kept_as(connection(), table) == Way::timescaledb &&
               there_.erase(table.name) > 0;
    }

    std::vector<std::string> columns(const std::string& name) {
        const auto rows = connection().query(
            "SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT "
            "attisdropped AND "
            "attgenerated = '' ORDER BY attnum",
            {Table{schema_, name, ""}.relation()});
        std::vector<std::string> names;
        names.reserve(static_cast<std::size_t>(rows.rows()));
        for (int row = 0; row < rows.rows(); ++row) names.emplace_back(rows.text(row, 0));
        return names;
    }

    Table storage(const RollUp& roll_up) {
        return TimescaleRollUps(means_, declared_.roll_ups).storage(roll_up);
    }

    KeptTable chunked(const Table& table, const Table& stored_in, KeptTable::Kind kind) {
        KeptTable kept{.name = table.name,
                       .kind = kind,
                       .columns = columns(table.name),
                       .chunk_length = keeper_.chunk_length(stored_in)};
        if (const auto retention = keeper_.retention(table)) kept.keep = retention->keep;
        if (const auto compression = keeper_.compression(table)) kept.compress_after = compression->after;
        if (declared_.roll_ups.is_source(table.name)) kept.complete_from = complete(table);
        return kept;
    }

    // What a job of TimescaleDB dropped is noted nowhere, so the retention counts too.
    std::optional<Time> complete(const Table& table) {
        auto result = complete_from(connection(), schema_, table.name);
        if (const auto retention = keeper_.retention(table))
            result = std::max(result.value_or(Time::min()), now_ - retention->keep);
        return result;
    }

    // Where somebody dropped more than that, chunks tell; without any, nothing can be made.
    std::optional<Time> made_from(const Table& source, const Table& stored_in) {
        const auto row = connection().query(
            "SELECT (extract(epoch FROM min(range_start)) * 1000000)::bigint FROM "
            "timescaledb_information.chunks "
            "WHERE hypertable_schema = $1 AND hypertable_name = $2",
            {stored_in.schema, stored_in.name});
        if (row.is_null(0, 0)) return std::nullopt;
        return std::max(Time(Span(row.integer(0, 0))), complete(source).value_or(Time::min()));
    }

    KeptTable describe(const RollUp& roll_up) {
        auto kept = chunked(declared_.roll_ups.table(roll_up), storage(roll_up), KeptTable::Kind::roll_up);
        const auto source = std::ranges::find(declared_.roll_ups.all, roll_up.source, &RollUp::name);
        const Table table{schema_, roll_up.source, roll_up.source_time};
        kept.made_from = made_from(table, source == declared_.roll_ups.all.end() ? table : storage(*source));
        return kept;
    }

    const Means& means_;
    const std::string& schema_;
    const DeclaredSchema& declared_;
    Timescale keeper_;
    Time now_;
    std::set<std::string, std::less<>> there_;
};

}  // namespace

Expected<KeptSchema> describe_schema(const Means& means, const std::string& schema,
                                     const DeclaredSchema& declared) {
    return Description(means, schema, declared)();
}

}  // namespace tti::timeseries
