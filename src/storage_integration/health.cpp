#include "storage_integration/health.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "database/preview.hpp"
#include "timeseries/schedule.hpp"

namespace tti::storage_integration {
namespace {

using timeseries::Chunk;
using timeseries::Retention;
using timeseries::Span;

// The job of TimescaleDB runs once a day, and ours should.
constexpr Span patience = std::chrono::hours(36);

std::int64_t rows_in(const std::vector<Chunk>& chunks) {
    std::int64_t rows = 0;
    for (const auto& chunk : chunks) rows += chunk.rows;
    return rows;
}

// Partitions are made a week ahead and more; half of that is left when a run is overdue.
void look_ahead(const timeseries::Keeper& keeper, timeseries::Time now, Health& health) {
    if (keeper.works_by_itself()) return;
    const auto until = now + timeseries::made_ahead(health.chunk_length) / 2;
    if (timeseries::missing_ranges(now, until, health.chunk_length, timeseries::ranges_of(health.chunks), 1)
            .empty())
        return;
    health.troubles.push_back(
        fmt::format("Chunks are not made as far ahead as {}.", timeseries::format(until)));
    health.next_command = "storage-db maintain";
}

void look_for_strays(Health& health) {
    if (health.strays.empty()) return;
    health.troubles.push_back(fmt::format("{} rows are in no chunk, the earliest of {}.",
                                          rows_in(health.strays),
                                          timeseries::format(health.strays.front().range.from)));
    health.next_command = "storage-db maintain";
}

void look_at_job(const timeseries::Job& job, std::string_view name, std::string_view effect, Health& health) {
    if (!job.scheduled) {
        health.troubles.push_back(fmt::format("The {} policy {}: its job is stopped.", name, effect));
    }
    if (job.last_outcome == "Failed") {
        health.troubles.push_back(
            fmt::format("The {} job failed at {} ({} failures so far).", name, job.last_run, job.failures));
    }
}

// A chunk goes as a whole, so a policy shorter than a chunk removes messages late.
void look_at_length(const Retention& retention, Health& health) {
    if (health.chunk_length <= retention.keep) return;
    health.troubles.push_back(fmt::format(
        "The retention policy drops nothing for long: a chunk holds {}, and messages of {} are to "
        "be kept.",
        timeseries::format(health.chunk_length), timeseries::format(retention.keep)));
    health.next_command = "storage-db migrate --timescaledb.chunk-time-interval 12h";
}

void look_at_overdue(const timeseries::Keeper& keeper, const Retention& retention, timeseries::Time now,
                     Health& health) {
    std::size_t overdue = 0;
    for (const auto* list : {&health.chunks, &health.strays}) {
        overdue += static_cast<std::size_t>(std::ranges::count_if(*list, [&](const Chunk& chunk) {
            return timeseries::is_expired(chunk.range, now - patience, retention.keep);
        }));
    }
    if (overdue == 0) return;
    health.troubles.push_back(fmt::format("{} chunk{} should have been dropped more than {} ago.", overdue,
                                          overdue == 1 ? "" : "s", timeseries::format(patience)));
    if (!keeper.works_by_itself()) health.next_command = "storage-db maintain";
}

void look_at_retention(Session& session, timeseries::Keeper& keeper, timeseries::Time now, Health& health) {
    if (!health.retention) return;
    const auto& retention = *health.retention;
    look_at_job(retention, "retention", "drops nothing", health);
    look_at_length(retention, health);
    look_at_overdue(keeper, retention, now, health);
    if (database::preview(keeper, session.connection(), session.messages(), retention.keep)
            .takes_everything) {
        health.troubles.emplace_back(
            "The retention policy would drop everything that is stored: no message is younger.");
    }
}

}  // namespace

Health health(Session& session, timeseries::Keeper& keeper) {
    const auto& table = session.messages();
    const auto now = timeseries::server_now(session.connection());
    Health result{.chunk_length = keeper.chunk_length(table),
                  .chunks = keeper.chunks(table),
                  .strays = keeper.strays(table),
                  .retention = keeper.retention(table),
                  .compression = keeper.compression(table),
                  .troubles = {},
                  .next_command = {}};
    look_ahead(keeper, now, result);
    look_for_strays(result);
    look_at_retention(session, keeper, now, result);
    if (result.compression) look_at_job(*result.compression, "compression", "compresses nothing", result);
    return result;
}

}  // namespace tti::storage_integration
