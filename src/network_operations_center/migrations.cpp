#include "network_operations_center/migrations.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "database/search_path.hpp"
#include "embedded/network_operations_center_sql.hpp"
#include "network_operations_center/conversion.hpp"
#include "network_operations_center/jobs.hpp"
#include "network_operations_center/layout.hpp"
#include "operation/failure_point.hpp"
#include "timeseries/rollup_sources.hpp"

namespace tti::network_operations_center {
namespace {

using operation::failure_point;
using timeseries::Way;

constexpr std::array<Migration, 5> all{{
    {"20261123000000", "raw_tables", "create the tables of events", Work::raw_tables},
    {"20261123000001", "roll_ups", "create the hourly, daily and weekly aggregates", Work::roll_ups},
    {"20261123000002", "registers", "remember NetIDs and which tenants are generated data", Work::sql},
    {"20261130000000", "activity_bits", "create the aggregates that tell which end devices were active when",
     Work::roll_ups},
    {"20261130180000", "sources", "remember since when events are complete", Work::sources},
}};

// Where a table of the SQL is to be kept in chunks, this stands before the semicolon.
constexpr std::string_view chunk_mark = "/* in chunks of received_at */";

std::string sql_of(const Migration& migration, const timeseries::Keeper& keeper) {
    std::string sql(embedded::network_operations_center_sql::file(migration.full_name() + ".up.sql"));
    const auto clause = keeper.create_clause("received_at");
    for (auto mark = sql.find(chunk_mark); mark != std::string::npos; mark = sql.find(chunk_mark, mark))
        sql.replace(mark, chunk_mark.size(), clause);
    return sql;
}

void create_raw_tables(Session& session, const Migration& migration, Way way) {
    const auto keeper = session.keeper(way);
    const auto roll_ups = session.roll_up_keeper(way);
    session.connection().execute(sql_of(migration, *keeper));
    for (const auto& table : raw_tables(session.schema())) {
        keeper->adopt(table, raw_chunk_length);
        roll_ups->watch(table);
    }
}

bool is_there(Session& session, const timeseries::Table& table) {
    return !session.connection().query("SELECT to_regclass($1)", {table.relation()}).is_null(0, 0);
}

// Those that are declared and not there yet: all, or what a later release has added.
void create_roll_ups(Session& session, Way way) {
    const auto keeper = session.keeper(way);
    const auto roll_up_keeper = session.roll_up_keeper(way);
    const auto declared = roll_ups(session.schema());
    auto keep = least_aggregate_retention;
    for (const auto& roll_up : declared.all) {
        const auto table = declared.table(roll_up);
        if (is_there(session, table)) {
            // What is new is kept as long as what was there before.
            if (const auto present = keeper->retention(table)) keep = present->keep;
            continue;
        }
        roll_up_keeper->create(roll_up, aggregate_chunk_length);
        keeper->set_retention(table, keep);
    }
}

// Of a layout that did not remember it under TimescaleDB: whatever its retention may have dropped by now.
void remember_sources(Session& session, Way way) {
    auto& connection = session.connection();
    const auto keeper = session.keeper(way);
    const auto now = timeseries::server_now(connection);
    for (const auto& source : roll_ups(session.schema()).sources()) {
        if (!timeseries::remember_source(connection, session.schema(), source)) continue;
        if (const auto retention = keeper->retention({session.schema(), source, ""}))
            timeseries::note_gone(connection, session.schema(), source, now - retention->keep);
    }
}

void work_on(Session& session, const Migration& migration, Way way) {
    switch (migration.work) {
        case Work::raw_tables:
            return create_raw_tables(session, migration, way);
        case Work::roll_ups:
            return create_roll_ups(session, way);
        case Work::sources:
            return remember_sources(session, way);
        case Work::sql:
            session.connection().execute(sql_of(migration, *session.keeper(way)));
    }
}

}  // namespace

std::string Migration::full_name() const {
    return fmt::format("{}_{}", name, comment);
}

std::span<const Migration> migrations() {
    return all;
}

std::vector<const Migration*> SchemaState::due() const {
    std::vector<const Migration*> result;
    for (const auto& migration : all) {
        if (!bookkeeping.has(migration.name)) result.push_back(&migration);
    }
    return result;
}

std::vector<std::string> SchemaState::unknown() const {
    std::vector<std::string> result;
    for (const auto& applied : bookkeeping.applied) {
        if (std::ranges::find(all, applied.name, &Migration::name) == all.end())
            result.push_back(applied.name);
    }
    return result;
}

SchemaState read_state(Session& session) {
    const auto first = raw_tables(session.schema()).front();
    return {.bookkeeping = session.bookkeeping(), .has_tables = is_there(session, first)};
}

void require_known(const Session& session, const SchemaState& state) {
    if (const auto unknown = state.unknown(); !unknown.empty()) {
        throw NewerDatabaseError(fmt::format("schema {} has migration {}, which this build does not know",
                                             session.schema(), unknown.back()),
                                 "Use a newer tti-lw-stack.");
    }
    if (state.has_tables && !state.bookkeeping.has(all.front().name)) {
        throw RefusedError(fmt::format("schema {} has a table {} that this program did not make",
                                       session.schema(), raw_tables(session.schema()).front().name),
                           "Name an empty schema as search_path in noc.store.database-uri.");
    }
}

Way require_readable(Session& session) {
    const auto state = read_state(session);
    require_known(session, state);
    if (state.empty()) {
        throw DueError(fmt::format("there are no tables of the Network Operations Center in schema {} of {}",
                                   session.schema(), session.uri().display()),
                       "Create them with: tti-lw-stack noc-db init");
    }
    if (const auto due = state.due(); !due.empty()) {
        throw DueError(fmt::format("migration {} is due", due.front()->full_name()),
                       "Give first: tti-lw-stack noc-db migrate");
    }
    const auto way = session.kept_as();
    if (way) return *way;
    throw RefusedError(fmt::format("the tables in schema {} are kept in no chunks of time", session.schema()),
                       "Somebody replaced them; put them back from a backup.");
}

Way require_tables(Session& session) {
    const auto way = require_readable(session);
    if (!conversion_begun(session)) return way;
    throw DueError("the tables are on their way to TimescaleDB: a run that moves them did not end",
                   "Give first: tti-lw-stack noc-db migrate");
}

void apply(Session& session, const Migration& migration, Way way, std::int64_t group,
           operation::StepContext& step) {
    auto& connection = session.connection();
    failure_point("before migration");
    {
        const PausedJobs paused(session);
        postgres::with_short_locks(connection, session.context().stop, {}, session.means().blocked,
                                   [&](postgres::Connection& inside) {
                                       database::create_schema(inside, session.schema());
                                       postgres::create_bookkeeping(inside, session.schema());
                                       work_on(session, migration, way);
                                       failure_point("inside migration");
                                       postgres::mark_applied(inside, session.schema(),
                                                              std::string(migration.name), group);
                                   });
        failure_point("after migration");
    }
    step.count("migrations", 1);
}

}  // namespace tti::network_operations_center
