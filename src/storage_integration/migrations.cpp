#include "storage_integration/migrations.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "database/search_path.hpp"
#include "embedded/storage_integration_sql.hpp"
#include "operation/failure_point.hpp"

namespace tti::storage_integration {
namespace {

using operation::failure_point;

constexpr std::array<Migration, 2> all{{
    {"20261122000000", "messages", "create the table of stored messages", true},
    {"20261122000001", "demo_register", "remember which applications are generated data"},
}};

// Where a table of the SQL is to be kept in chunks, this stands before the semicolon.
constexpr std::string_view chunk_mark = "/* in chunks of received_at */";

std::string sql_of(const Migration& migration, const timeseries::Keeper& keeper) {
    std::string sql(embedded::storage_integration_sql::file(migration.full_name() + ".up.sql"));
    const auto mark = sql.find(chunk_mark);
    if (mark == std::string::npos) return sql;
    return sql.replace(mark, chunk_mark.size(), keeper.create_clause("received_at"));
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
    const auto found = session.connection().query("SELECT to_regclass($1)", {session.messages().relation()});
    return {.bookkeeping = session.bookkeeping(), .has_messages = !found.is_null(0, 0)};
}

void require_known(const Session& session, const SchemaState& state) {
    if (const auto unknown = state.unknown(); !unknown.empty()) {
        throw NewerDatabaseError(fmt::format("schema {} has migration {}, which this build does not know",
                                             session.schema(), unknown.back()),
                                 "Use a newer tti-lw-stack.");
    }
    if (state.has_messages && !state.bookkeeping.has(all.front().name)) {
        throw RefusedError(
            fmt::format("schema {} has a table messages that this program did not make", session.schema()),
            "Name an empty schema as search_path in as.packages.storage.postgres.database-uri.");
    }
}

std::unique_ptr<timeseries::Keeper> require_tables(Session& session) {
    const auto state = read_state(session);
    require_known(session, state);
    const auto due = state.due();
    if (state.empty()) {
        throw DueError(fmt::format("there are no tables of stored messages in schema {} of {}",
                                   session.schema(), session.uri().display()),
                       "Create them with: tti-lw-stack storage-db init");
    }
    if (!due.empty()) {
        throw DueError(fmt::format("migration {} is due", due.front()->full_name()),
                       "Give first: tti-lw-stack storage-db migrate");
    }
    const auto way = session.kept_as();
    if (!way) {
        throw RefusedError(
            fmt::format("table {} is kept in no chunks of time", session.messages().relation()),
            "Somebody replaced it; put it back from a backup.");
    }
    return session.keeper(*way);
}

void apply(Session& session, const Migration& migration, timeseries::Way way, timeseries::Span chunk_length,
           std::int64_t group, operation::StepContext& step) {
    auto& connection = session.connection();
    const auto keeper = session.keeper(way);
    failure_point("before migration");
    postgres::with_short_locks(
        connection, session.context().stop, {}, session.means().blocked, [&](postgres::Connection& inside) {
            database::create_schema(inside, session.schema());
            postgres::create_bookkeeping(inside, session.schema());
            inside.execute(sql_of(migration, *keeper));
            failure_point("inside migration");
            if (migration.makes_messages) keeper->adopt(session.messages(), chunk_length);
            postgres::mark_applied(inside, session.schema(), std::string(migration.name), group);
        });
    failure_point("after migration");
    step.count("migrations", 1);
}

}  // namespace tti::storage_integration
