#include "database/demo_chunks.hpp"

#include "operation/runner.hpp"
#include "timeseries/schedule.hpp"

namespace tti::database {
namespace {

constexpr std::size_t most_chunks = 10000;

void make_missing(timeseries::Keeper& keeper, const timeseries::Table& table, const timeseries::Range& time,
                  operation::StepContext& context) {
    const auto existing = timeseries::ranges_of(keeper.chunks(table));
    const auto length = keeper.chunk_length(table);
    for (const auto& range : timeseries::missing_ranges(time.from, time.to, length, existing, most_chunks)) {
        keeper.make(table, range);
        context.count("chunks made", 1);
        context.safe_point();
    }
}

}  // namespace

void plan_demo_chunks(operation::Plan& plan, timeseries::Keeper& keeper,
                      std::vector<timeseries::Table> tables, const timeseries::Range& time) {
    if (keeper.works_by_itself()) return;
    plan.steps.push_back(
        {.name = "chunks",
         .what = "make the chunks of that time",
         .why = "partitions are made before rows come",
         .lock = operation::Lock::table,
         .run = [&keeper, tables = std::move(tables), time](operation::StepContext& context) {
             for (const auto& table : tables) make_missing(keeper, table, time, context);
         }});
}

}  // namespace tti::database
