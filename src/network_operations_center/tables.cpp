#include "network_operations_center/tables.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "network_operations_center/layout.hpp"
#include "operation/failure_point.hpp"
#include "operation/runner.hpp"

namespace tti::network_operations_center {

using operation::failure_point;
using operation::Step;
using operation::StepContext;

Tables::Tables(Session& session, timeseries::Way way)
    : session_(session), keeper_(session.keeper(way)), roll_ups_(session.roll_up_keeper(way)) {
    for (const auto& table : raw_tables(session.schema())) all_.push_back({table, table, false});
    const auto declared = network_operations_center::roll_ups(session.schema());
    for (const auto& roll_up : declared.all) {
        const auto table = declared.table(roll_up);
        // A migration may still have to make it.
        if (session.connection().query("SELECT to_regclass($1)", {table.relation()}).is_null(0, 0)) continue;
        all_.push_back({table, roll_ups_->storage(roll_up), true});
    }
}

std::vector<Kept> Tables::raw() const {
    std::vector<Kept> result;
    std::ranges::copy_if(all_, std::back_inserter(result), [](const Kept& kept) { return !kept.aggregate; });
    return result;
}

std::vector<Kept> Tables::aggregates() const {
    std::vector<Kept> result;
    std::ranges::copy_if(all_, std::back_inserter(result), &Kept::aggregate);
    return result;
}

database::Preview Tables::preview(const Kept& kept, timeseries::Span keep) {
    return database::preview(*keeper_, session_.connection(), kept.storage, keep);
}

std::int64_t Tables::rows_if_nothing_stays() {
    std::int64_t rows = 0;
    for (const auto& kept : all_) {
        const auto retention = keeper_->retention(kept.table);
        if (!retention) return 0;
        const auto found = preview(kept, retention->keep);
        if (!database::leaves_nothing(session_.connection(), found)) return 0;
        rows += found.rows;
    }
    return rows;
}

std::vector<Step> Tables::drop_steps(const Kept& kept, const database::Preview& preview,
                                     std::size_t& dropped) {
    auto steps = database::drop_steps(preview, *keeper_, kept.table,
                                      [&dropped](const timeseries::Chunk&) { ++dropped; });
    auto expired = preview.expired.begin();
    for (auto& step : steps) {
        step.name = kept.table.name + " " + step.name;
        step.what = fmt::format("of {}: {}", kept.table.name, step.what);
        step.run = [this, name = kept.table.name, until = (expired++)->range.to,
                    drop = std::move(step.run)](StepContext& context) {
            roll_ups_->will_drop(name, until);
            drop(context);
        };
    }
    return steps;
}

Step Tables::refresh_step(const timeseries::Range& range, std::size_t pieces) {
    return {.name = "refresh aggregates",
            .what = "make the aggregates agree with the events",
            .why = pieces == 0 ? "before events go" : "events have come since they were made",
            .touches = pieces == 0 ? operation::Amounts{}
                                   : operation::Amounts{{"pieces", static_cast<std::int64_t>(pieces)}},
            .lock = operation::Lock::rows,
            .run = [this, range](StepContext& context) {
                failure_point("before refresh");
                std::int64_t done = 0;
                roll_ups_->refresh_all(range, [&](std::int64_t rows) {
                    context.progress("pieces", ++done, 0);
                    context.count("aggregate rows written", rows);
                    failure_point("inside refresh");
                    context.safe_point();
                });
                failure_point("after refresh");
            }};
}

}  // namespace tti::network_operations_center
