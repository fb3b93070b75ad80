#include "storage_integration/migrations.hpp"

#include <array>

#include <fmt/format.h>

#include "embedded/storage_integration_sql.hpp"

namespace tti::storage_integration {
namespace {

constexpr std::array<Migration, 2> all{{
    {"20261122000000", "messages", "create the table of stored messages", true},
    {"20261122000001", "demo_register", "remember which applications are generated data"},
}};

std::string sql_of(const Migration& migration, const timeseries::Keeper& keeper) {
    const auto sql = embedded::storage_integration_sql::file(migration.full_name() + ".up.sql");
    return timeseries::sql_in_chunks(std::string(sql), keeper);
}

}  // namespace

std::string Migration::full_name() const {
    return fmt::format("{}_{}", name, comment);
}

std::span<const Migration> migrations() {
    return all;
}

SchemaState read_state(Session& session) {
    return {.bookkeeping = session.bookkeeping(),
            .has_messages = timeseries::exists(session.connection(), session.messages())};
}

void require_known(const Session& session, const SchemaState& state) {
    if (const auto unknown = state.unknown(); !unknown.empty()) {
        throw NewerDatabaseError(fmt::format("schema {} has migration {}, which this build does not know",
                                             session.schema(), unknown.back().name),
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
    const auto keeper = session.keeper(way);
    session.apply(migration.name, group, [&] {
        session.connection().execute(sql_of(migration, *keeper));
        if (migration.makes_messages) keeper->adopt(session.messages(), chunk_length);
    });
    step.count("migrations", 1);
}

}  // namespace tti::storage_integration
