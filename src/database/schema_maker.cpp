#include "database/schema_maker.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "util/error.hpp"

namespace tti::database {

void require_known_layout(const timeseries::KeptSchema& kept, const std::vector<std::string>& known) {
    const auto unknown = std::ranges::find_if(kept.migrations, [&known](const auto& name) {
        return std::ranges::find(known, name) == known.end();
    });
    if (unknown == kept.migrations.end()) return;
    throw RefusedError(
        fmt::format("schema {} has migration {}, which this build does not know", kept.schema, *unknown),
        "Use a newer tti-lw-stack.");
}

void load_ordinary(postgres::Connection& connection, const std::string& relation,
                   const SchemaMaker::Copy& copy) {
    postgres::Transaction transaction(connection);
    connection.execute("DELETE FROM " + relation);
    copy(relation);
    transaction.commit();
}

void make_chunks(timeseries::Keeper& keeper, postgres::Connection& connection,
                 const timeseries::Table& table) {
    for (const auto& range : keeper.missing(table, timeseries::server_now(connection))) {
        static_cast<void>(keeper.make(table, range));
    }
}

}  // namespace tti::database
