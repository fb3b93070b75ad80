#include "network_operations_center/schema_maker.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "network_operations_center/jobs.hpp"
#include "network_operations_center/late_events.hpp"
#include "network_operations_center/layout.hpp"
#include "network_operations_center/migrations.hpp"
#include "timeseries/rollup_sources.hpp"

namespace tti::network_operations_center {
namespace {

using timeseries::KeptSchema;
using timeseries::KeptTable;
using timeseries::Way;

class Maker final : public database::SchemaMaker {
  public:
    Maker(cli::Context& context, database::TimeseriesAddress address)
        : session_(context, Access::write, std::move(address)), declared_(roll_ups(session_.schema())) {}

    postgres::Connection& connection() override { return session_.connection(); }

    void create(const KeptSchema& kept, Way way, operation::StepContext& step) override {
        std::vector<std::string> known;
        for (const auto& migration : migrations()) known.emplace_back(migration.name);
        database::require_known_layout(kept, known);
        require_known_roll_ups(kept);
        way_ = way;
        keeper_ = session_.keeper(way);
        roll_ups_ = session_.roll_up_keeper(way);
        for (const auto& migration : migrations()) {
            if (std::ranges::find(kept.migrations, migration.name) != kept.migrations.end())
                apply(session_, migration, way, 1, step);
        }
        jobs_.emplace(session_);
        drop_others(kept);
        for (const auto& table : kept.tables) {
            if (table.chunk_length) keeper_->set_chunk_length(storage(table), *table.chunk_length);
            if (table.kind == KeptTable::Kind::roll_up) keeper_->set_retention(of(table), std::nullopt);
        }
    }

    void load(const KeptTable& table, const Copy& copy) override {
        const auto target = of(table);
        switch (table.kind) {
            case KeptTable::Kind::ordinary:
                return database::load_ordinary(connection(), target.relation(), copy);
            case KeptTable::Kind::chunked:
                copy(target.relation());
                break;
            case KeptTable::Kind::roll_up:
                roll_ups_->load(roll_up(table), copy);
        }
        database::make_chunks(*keeper_, connection(), target);
    }

    void finish(const KeptSchema& kept) override {
        for (const auto& table : kept.tables) {
            if (table.complete_from) roll_ups_->will_drop(table.name, *table.complete_from);
            if (table.kind == KeptTable::Kind::roll_up) bring_up_to_date(table);
        }
        for (const auto& table : kept.tables) {
            if (table.kind != KeptTable::Kind::ordinary) keeper_->set_retention(of(table), table.keep);
        }
        Tables tables(session_, way_);
        if (const auto late = late_events_due(session_, tables)) roll_ups_->set_late(late->due);
        jobs_.reset();
    }

  private:
    [[nodiscard]] timeseries::Table of(const KeptTable& table) const {
        const bool is_roll_up = table.kind == KeptTable::Kind::roll_up;
        return {session_.schema(), table.name, is_roll_up ? "bucket" : "received_at"};
    }

    const timeseries::RollUp& roll_up(const KeptTable& table) {
        return *std::ranges::find(declared_.all, table.name, &timeseries::RollUp::name);
    }

    timeseries::Table storage(const KeptTable& table) {
        return table.kind == KeptTable::Kind::roll_up ? roll_ups_->storage(roll_up(table)) : of(table);
    }

    void require_known_roll_ups(const KeptSchema& kept) const {
        for (const auto& table : kept.tables) {
            if (table.kind != KeptTable::Kind::roll_up ||
                std::ranges::find(declared_.all, table.name, &timeseries::RollUp::name) !=
                    declared_.all.end())
                continue;
            throw RefusedError(fmt::format("this build knows no aggregate {}", table.name),
                               "Use the release of tti-lw-stack that the backup was made with.");
        }
    }

    // An older layout has fewer aggregates than the migration makes by now.
    void drop_others(const KeptSchema& kept) {
        const auto* const kind = way_ == Way::timescaledb ? "MATERIALIZED VIEW" : "TABLE";
        for (auto left = declared_.all.size(); left > 0; --left) {
            const auto& name = declared_.all[left - 1].name;
            if (std::ranges::find(kept.tables, name, &KeptTable::name) == kept.tables.end())
                connection().execute(fmt::format("DROP {} IF EXISTS {}", kind, session_.relation(name)));
        }
    }

    // On partitions a refresh would else make those anew whose events are gone.
    void bring_up_to_date(const KeptTable& table) {
        if (!table.made_from) return;
        const auto& made = roll_up(table);
        if (way_ == Way::partitions) roll_ups_->will_drop(made.source, *table.made_from);
        roll_ups_->remake(made, *table.made_from);
    }

    Session session_;
    timeseries::RollUps declared_;
    Way way_ = Way::partitions;
    std::unique_ptr<timeseries::Keeper> keeper_;
    std::unique_ptr<timeseries::RollUpKeeper> roll_ups_;
    std::optional<PausedJobs> jobs_;
};

}  // namespace

timeseries::DeclaredSchema declared_schema(const std::string& schema) {
    return {
        .chunked = raw_tables(schema),
        .roll_ups = roll_ups(schema),
        .ordinary = {"bun_migrations", "bun_migration_locks", "net_ids", "net_ids_revision", "demo_tenants"},
        .keeping = {"roll_up_sources", "paused_jobs"}};
}

std::unique_ptr<database::SchemaMaker> schema_maker(cli::Context& context,
                                                    database::TimeseriesAddress address) {
    return std::make_unique<Maker>(context, std::move(address));
}

}  // namespace tti::network_operations_center
