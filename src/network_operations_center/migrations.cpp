#include "network_operations_center/migrations.hpp"

#include <array>

#include <fmt/format.h>

#include "embedded/network_operations_center_sql.hpp"
#include "network_operations_center/conversion.hpp"
#include "network_operations_center/jobs.hpp"
#include "network_operations_center/layout.hpp"
#include "timeseries/rollup_sources.hpp"

namespace tti::network_operations_center {
namespace {

using timeseries::Way;

constexpr std::array<Migration, 5> all{{
    {"20261123000000", "raw_tables", "create the tables of events", Work::raw_tables},
    {"20261123000001", "roll_ups", "create the hourly, daily and weekly aggregates", Work::roll_ups},
    {"20261123000002", "registers", "remember NetIDs and which tenants are generated data", Work::sql},
    {"20261130000000", "activity_bits", "create the aggregates that tell which end devices were active when",
     Work::roll_ups},
    {"20261130180000", "sources", "remember since when events are complete", Work::sources},
}};

std::string sql_of(const Migration& migration, const timeseries::Keeper& keeper) {
    const auto sql = embedded::network_operations_center_sql::file(migration.full_name() + ".up.sql");
    return timeseries::sql_in_chunks(std::string(sql), keeper);
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

// Those that are declared and not there yet: all, or what a later release has added.
void create_roll_ups(Session& session, Way way) {
    const auto keeper = session.keeper(way);
    const auto roll_up_keeper = session.roll_up_keeper(way);
    const auto declared = roll_ups(session.schema());
    auto keep = least_aggregate_retention;
    for (const auto& roll_up : declared.all) {
        const auto table = declared.table(roll_up);
        if (timeseries::exists(session.connection(), table)) {
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

SchemaState read_state(Session& session) {
    const auto first = raw_tables(session.schema()).front();
    return {.bookkeeping = session.bookkeeping(),
            .has_tables = timeseries::exists(session.connection(), first)};
}

void require_known(const Session& session, const SchemaState& state) {
    if (const auto unknown = state.unknown(); !unknown.empty()) {
        throw NewerDatabaseError(fmt::format("schema {} has migration {}, which this build does not know",
                                             session.schema(), unknown.back().name),
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
    {
        const PausedJobs paused(session);
        session.apply(migration.name, group, [&] { work_on(session, migration, way); });
    }
    step.count("migrations", 1);
}

}  // namespace tti::network_operations_center
