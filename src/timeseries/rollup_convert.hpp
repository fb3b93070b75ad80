#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "timeseries/rollup_keeper.hpp"

namespace tti::timeseries {

// Moves raw tables and the roll-ups of them from partitions to TimescaleDB, with all their rows, one table
// after the other: each is durable, and a run that was killed is gone on with by the next. Raw tables become
// hypertables. Of each roll-up a continuous aggregate is made beside it and refreshed; buckets whose rows are
// gone are copied into it; then it takes the roll-up's place. So every name has all its buckets all the time,
// of roll-ups as they were last refreshed. Retention and jobs begin at the very end, with nothing dropped
// before: no event goes that is in no aggregate.
//
// The copied buckets are where TimescaleDB keeps its own. It makes no bucket anew that was refreshed and
// whose rows have not changed since; theirs were refreshed, empty, just before. So no refresh loses them,
// however far it reaches back, as none loses those of a source whose chunks were dropped.
class RollUpConversion {
  public:
    RollUpConversion(Means means, RollUps roll_ups, std::vector<Table> raw)
        : means_(std::move(means)), roll_ups_(std::move(roll_ups)), raw_(std::move(raw)) {}

    // Whether one was begun and did not end: the first raw table is a hypertable, others may be not.
    bool begun();
    // Told where the work is, and the rows copied since the last time; "inside" of a transaction, or "after"
    // it.
    using Progress = std::function<void(std::string_view place, std::int64_t rows)>;
    void run(const Progress& progress);

  private:
    void convert_raw(const Table& table, const Progress& progress);
    void convert(const RollUp& roll_up, const Progress& progress);
    std::int64_t carry_over(const RollUp& roll_up, const RollUp& beside);
    void take_the_place(const RollUp& roll_up, const RollUp& beside);
    void refresh_what_came_meanwhile();
    void begin_keeping(const Progress& progress);

    Means means_;
    RollUps roll_ups_;
    std::vector<Table> raw_;
};

}  // namespace tti::timeseries
