#pragma once

#include <optional>

#include "network_operations_center/tables.hpp"

namespace tti::network_operations_center {

// How late events may come and still be counted, where TimescaleDB's jobs count them: as long as events are
// kept. Less where those of that time have gone, since a bucket would be made anew of the late ones alone;
// then it grows day by day.
struct LateEvents {
    timeseries::Span now{0};
    timeseries::Span due{0};
};
// For how long tables are about to be kept, where that is not as it is.
struct Retentions {
    std::optional<timeseries::Span> raw = {};
    std::optional<timeseries::Span> aggregates = {};
};
// Empty where nothing is to be changed, and on native partitions, where every event counts for as long as
// those of its time are there.
std::optional<LateEvents> late_events_due(Session& session, Tables& tables, const Retentions& coming = {});

// Sets it, as it is due by then.
operation::Step late_events_step(Session& session, const LateEvents& late, const Retentions& coming = {});

// To be told before a table is kept for longer than it is now.
void will_keep_longer(Session& session, Tables& tables, const Kept& kept, timeseries::Span present);

}  // namespace tti::network_operations_center
