#include "network_operations_center/health.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "network_operations_center/late_events.hpp"
#include "network_operations_center/net_ids.hpp"
#include "timeseries/schedule.hpp"

namespace tti::network_operations_center {
namespace {

using timeseries::Chunk;
using timeseries::Time;

// How much later than due a chunk may still be there: jobs run once a day.
constexpr timeseries::Span patience = std::chrono::days(2);

constexpr auto maintain = "noc-db maintain";

void trouble(Health& health, std::string text, const char* next = "") {
    health.troubles.push_back(std::move(text));
    if (*next != '\0') health.next_command = next;
}

void look_at_chunks(Health& health, const TableHealth& table, bool works_by_itself, Time now) {
    const auto& name = table.kept.table.name;
    if (table.stray_rows > 0)
        trouble(health, fmt::format("{}: {} rows are in no chunk.", name, table.stray_rows), maintain);
    const auto until = now + timeseries::made_ahead(table.chunk_length) / 2;
    const auto ranges = timeseries::ranges_of(table.chunks);
    if (!works_by_itself && !timeseries::missing_ranges(now, until, table.chunk_length, ranges, 1).empty()) {
        trouble(health,
                fmt::format("{}: chunks are not made as far ahead as {}.", name, timeseries::format(until)),
                maintain);
    }
    if (!table.retention) {
        trouble(health, fmt::format("{}: there is no retention policy, so nothing ever goes.", name),
                table.kept.aggregate ? "noc-db migrate --aggregate-retention 720h" : "noc-db migrate");
        return;
    }
    const auto keep = table.retention->keep;
    const auto overdue = std::ranges::count_if(table.chunks, [&](const Chunk& chunk) {
        return timeseries::is_expired(chunk.range, now - patience, keep);
    });
    if (overdue > 0) {
        trouble(health,
                fmt::format("{}: {} chunks should have been dropped more than {} ago.", name, overdue,
                            timeseries::format(patience)),
                works_by_itself ? "" : maintain);
    }
}

void look_at_everything(Health& health, Tables& tables, Time now) {
    const bool some_expired = std::ranges::any_of(health.tables, [&](const TableHealth& table) {
        return table.retention &&
               (table.stray_rows > 0 || std::ranges::any_of(table.chunks, [&](const Chunk& chunk) {
                    return timeseries::is_expired(chunk.range, now, table.retention->keep);
                }));
    });
    if (some_expired && tables.rows_if_nothing_stays() > 0) {
        trouble(health,
                "The retention would drop everything that is stored: no event and no aggregate is younger.");
    }
}

void look_at_jobs(Session& session, Health& health) {
    if (const auto left_over = left_over_jobs(session); !left_over.empty()) {
        trouble(
            health,
            fmt::format("{} background jobs were left stopped by a run that was killed.", left_over.size()),
            maintain);
    }
    for (const auto& job : health.jobs) {
        if (!job.scheduled)
            trouble(health, fmt::format("{}: job {} ({}) is stopped.", job.table, job.number, job.work));
        if (job.last_outcome == "Failed") {
            trouble(health, fmt::format("{}: job {} ({}) failed at {} ({} failures so far).", job.table,
                                        job.number, job.work, job.last_run, job.failures));
        }
    }
}

}  // namespace

std::int64_t TableHealth::rows() const {
    return std::accumulate(chunks.begin(), chunks.end(), stray_rows,
                           [](std::int64_t sum, const Chunk& chunk) { return sum + chunk.rows; });
}

std::int64_t TableHealth::bytes() const {
    return std::accumulate(chunks.begin(), chunks.end(), std::int64_t{0},
                           [](std::int64_t sum, const Chunk& chunk) { return sum + chunk.bytes; });
}

Health health(Session& session, Tables& tables) {
    Health result{.jobs = jobs(session)};
    const auto now = timeseries::server_now(session.connection());
    for (const auto& kept : tables.all()) {
        TableHealth table{.kept = kept,
                          .chunk_length = tables.keeper().chunk_length(kept.storage),
                          .chunks = tables.keeper().chunks(kept.storage),
                          .retention = tables.keeper().retention(kept.table)};
        for (const auto& stray : tables.keeper().strays(kept.storage)) table.stray_rows += stray.rows;
        look_at_chunks(result, table, tables.keeper().works_by_itself(), now);
        result.tables.push_back(std::move(table));
    }
    look_at_everything(result, tables, now);
    look_at_jobs(session, result);
    result.stale = tables.roll_ups().stale().size();
    if (result.stale > 0) trouble(result, "Events have come since the aggregates were made.", maintain);
    if (const auto late = late_events_due(session, tables)) {
        trouble(result,
                fmt::format("Events that come up to {} late are counted; it should be {}.",
                            timeseries::format(late->now), timeseries::format(late->due)),
                maintain);
    }
    if (stored_net_ids_revision(session) != net_ids().revision) {
        trouble(result, "The stored NetIDs are of another revision than those of this build.",
                "noc-db migrate");
    }
    return result;
}

}  // namespace tti::network_operations_center
