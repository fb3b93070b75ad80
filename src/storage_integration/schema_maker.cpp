#include "storage_integration/schema_maker.hpp"

#include <algorithm>

#include "storage_integration/migrations.hpp"
#include "storage_integration/request.hpp"

namespace tti::storage_integration {
namespace {

using timeseries::KeptSchema;
using timeseries::KeptTable;

class Maker final : public database::SchemaMaker {
  public:
    Maker(cli::Context& context, database::TimeseriesAddress address)
        : session_(context, Access::write, std::move(address)) {}

    postgres::Connection& connection() override { return session_.connection(); }

    void create(const KeptSchema& kept, timeseries::Way way, operation::StepContext& step) override {
        std::vector<std::string> known;
        for (const auto& migration : migrations()) known.emplace_back(migration.name);
        database::require_known_layout(kept, known);
        keeper_ = session_.keeper(way);
        for (const auto& migration : migrations()) {
            if (std::ranges::find(kept.migrations, migration.name) == kept.migrations.end()) continue;
            apply(session_, migration, way, default_chunk_length, 1, step);
        }
        for (const auto& table : kept.tables) {
            if (table.chunk_length) keeper_->set_chunk_length(session_.messages(), *table.chunk_length);
        }
    }

    void load(const KeptTable& table, const Copy& copy) override {
        const timeseries::Table target{session_.schema(), table.name, ""};
        if (table.kind == KeptTable::Kind::ordinary) {
            return database::load_ordinary(connection(), target.relation(), copy);
        }
        copy(target.relation());
        database::make_chunks(*keeper_, connection(), session_.messages());
    }

    void finish(const KeptSchema& kept) override {
        for (const auto& table : kept.tables) {
            if (table.kind != KeptTable::Kind::chunked) continue;
            keeper_->set_retention(session_.messages(), table.keep);
            if (keeper_->can_compress())
                keeper_->set_compression(session_.messages(), table.compress_after, together);
        }
    }

  private:
    Session session_;
    std::unique_ptr<timeseries::Keeper> keeper_;
};

}  // namespace

timeseries::DeclaredSchema declared_schema(const std::string& schema) {
    return {.chunked = {{schema, "messages", "received_at"}},
            .roll_ups = {schema, {}},
            .ordinary = {"bun_migrations", "bun_migration_locks", "demo_applications"},
            .keeping = {}};
}

std::unique_ptr<database::SchemaMaker> schema_maker(cli::Context& context,
                                                    database::TimeseriesAddress address) {
    return std::make_unique<Maker>(context, std::move(address));
}

}  // namespace tti::storage_integration
