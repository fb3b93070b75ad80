#include "stack/estimate.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/progress_meter.hpp"
#include "stack/due_summary.hpp"
#include "util/text.hpp"

namespace tti::stack {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

// A migration of that database that was done, and how much it did.
struct PastRun {
    double seconds = 0;
    double steps = 0;
    double records = 0;
    std::string day;
};

bool is_migration(const json& operation) {
    const auto words = util::words(operation.value("command", ""));
    return std::ranges::find(words, "migrate") != words.end() &&
           std::ranges::find(words, "--rollback") == words.end() &&
           operation.value("outcome", "") == "done" && operation.value("seconds", json()).is_number();
}

std::optional<PastRun> newest_migration(const json& operations) {
    const auto found = std::ranges::find_if(operations, is_migration);
    if (found == operations.end()) return std::nullopt;
    PastRun run{.seconds = found->at("seconds").get<double>(),
                .steps = static_cast<double>(found->value("steps", json::array()).size()),
                .records = 0,
                .day = found->value("started_at", "").substr(0, std::string_view("2026-11-30").size())};
    for (const auto& number : found->value("counts", json::object())) {
        if (number.is_number()) run.records += number.get<double>();
    }
    return run.seconds > 0 && run.steps > 0 ? std::optional(run) : std::nullopt;
}

milliseconds to_milliseconds(double seconds) {
    return milliseconds(static_cast<std::int64_t>(std::ceil(seconds * 1000)));
}

// Records are what takes time on Redis, steps on PostgreSQL, where each is mostly a statement or two.
Estimate by_past_run(const Due& due, const DueSummary& work, const PastRun& run) {
    double records = 0;
    for (const auto& amount : work.touches) records += static_cast<double>(amount.number);
    const bool by_records = due.database.server == Server::redis && records > 0 && run.records > 0;
    const auto seconds = by_records ? records * run.seconds / run.records
                                    : static_cast<double>(work.steps) * run.seconds / run.steps;
    const auto done = by_records ? cli::with_thousands(static_cast<std::int64_t>(run.records)) + " records"
                                 : fmt::format("{} steps", run.steps);
    return {.time = std::max(to_milliseconds(seconds), due.took),
            .at_least = false,
            .basis = fmt::format("by {} migrate of {}: {} in {}", due.database.group, run.day, done,
                                 cli::short_duration(to_milliseconds(run.seconds)))};
}

}  // namespace

std::optional<Estimate> estimate(const Due& due, const json& operations) {
    if (!due.plan || due.plan->steps.empty()) return std::nullopt;
    if (const auto run = newest_migration(operations)) return by_past_run(due, summary(*due.plan), *run);
    return Estimate{.time = due.took,
                    .at_least = true,
                    .basis = "the look at what is due took that; there is no earlier run to go by"};
}

std::string text(const Estimate& estimate) {
    constexpr milliseconds short_time{100};
    const auto time = estimate.time < short_time ? fmt::format("{} ms", estimate.time.count())
                                                 : cli::short_duration(estimate.time);
    return fmt::format("{} {} ({})", estimate.at_least ? "at least" : "about", time, estimate.basis);
}

json to_json(const Estimate& estimate) {
    return {{"seconds", std::chrono::duration<double>(estimate.time).count()},
            {"at_least", estimate.at_least},
            {"basis", estimate.basis}};
}

}  // namespace tti::stack
