#include "network_operations_center/conversion.hpp"

#include "network_operations_center/late_events.hpp"
#include "network_operations_center/layout.hpp"
#include "operation/failure_point.hpp"
#include "operation/runner.hpp"

namespace tti::network_operations_center {
namespace {

timeseries::RollUpConversion conversion(Session& session) {
    return {session.means(), roll_ups(session.schema()), raw_tables(session.schema())};
}

void convert(Session& session, std::int64_t rows, operation::StepContext& context) {
    operation::failure_point("before conversion");
    std::int64_t copied = 0;
    conversion(session).run([&](std::string_view place, std::int64_t more) {
        copied += more;
        // Telling it writes to the journal; a table is copied in one transaction.
        if (!session.connection().in_transaction()) context.progress("rows", copied, rows);
        operation::failure_point(place);
    });
    context.count("rows", copied);
    Tables tables(session, timeseries::Way::timescaledb);
    if (const auto due = late_events_due(session, tables)) tables.roll_ups().set_late(due->due);
    operation::failure_point("after conversion");
}

}  // namespace

bool conversion_begun(Session& session) {
    return conversion(session).begun();
}

operation::Step conversion_step(Session& session, std::int64_t rows) {
    return {.name = "convert to timescaledb",
            .what =
                "make hypertables of the events and continuous aggregates of the aggregates, table by "
                "table, with all their rows",
            .why = conversion_begun(session) ? "a run that was killed left it half done" : "asked for",
            .touches = {{"rows", rows}},
            .lock = operation::Lock::table,
            .run = [&session, rows](operation::StepContext& context) { convert(session, rows, context); }};
}

}  // namespace tti::network_operations_center
