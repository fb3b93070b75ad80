#include "network_operations_center/late_events.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "network_operations_center/layout.hpp"
#include "operation/failure_point.hpp"
#include "operation/runner.hpp"
#include "timeseries/rollup_sources.hpp"

namespace tti::network_operations_center {
namespace {

using std::chrono::days;
using timeseries::Span;
using timeseries::Time;

// A week that the event is in begins earlier, and is made of days that must be there.
constexpr Span longest_bucket = days(7);

// How old the oldest rows are that have all of their time beside them.
Span complete_for(Session& session, Tables& tables, const Kept& kept, std::optional<Span> coming, Time now) {
    auto result = Span::max();
    if (coming) result = *coming;
    if (const auto retention = tables.keeper().retention(kept.table))
        result = std::min(result, retention->keep);
    const auto from = timeseries::complete_from(session.connection(), session.schema(), kept.table.name);
    return from ? std::min<Span>(result, std::chrono::floor<days>(now - *from)) : result;
}

}  // namespace

std::optional<LateEvents> late_events_due(Session& session, Tables& tables, const Retentions& coming) {
    const auto present = tables.roll_ups().late();
    if (!present) return std::nullopt;
    const auto now = timeseries::server_now(session.connection());
    auto due = Span::max();
    for (const auto& kept : tables.all()) {
        const auto complete =
            complete_for(session, tables, kept, kept.aggregate ? coming.aggregates : coming.raw, now);
        due = std::min(due, kept.aggregate && complete != Span::max() ? complete - longest_bucket : complete);
    }
    if (due == *present || due == Span::max()) return std::nullopt;
    return LateEvents{*present, due};
}

operation::Step late_events_step(Session& session, const LateEvents& late, const Retentions& coming) {
    return {.name = "late events",
            .what = fmt::format("count events that come up to {} late, instead of {}",
                                timeseries::format(late.due), timeseries::format(late.now)),
            .why = "for that long events are kept and complete",
            .lock = operation::Lock::rows,
            .run = [&session, coming](operation::StepContext&) {
                Tables tables(session, timeseries::Way::timescaledb);
                operation::failure_point("before late events");
                if (const auto due = late_events_due(session, tables, coming))
                    tables.roll_ups().set_late(due->due);
                operation::failure_point("after late events");
            }};
}

void will_keep_longer(Session& session, Tables& tables, const Kept& kept, Span present) {
    if (!tables.keeper().works_by_itself()) return;
    tables.roll_ups().will_drop(kept.table.name, timeseries::server_now(session.connection()) - present);
}

}  // namespace tti::network_operations_center
