#pragma once

#include "timeseries/rollup_keeper.hpp"

namespace tti::timeseries {

// Tables in partitions, refreshed by a maintenance run. Statement triggers of the raw tables note in
// roll_up_changes which hours have changed, in the transaction of the change itself, so that a refresh that
// sees a note sees the rows too, however late or long their transaction was. A refresh takes the notes of a
// range, replaces the buckets in it and notes what that changes for roll-ups built on them, in one
// transaction: killed, nothing has happened.
class PartitionedRollUps final : public RollUpKeeper {
  public:
    PartitionedRollUps(Means means, RollUps roll_ups)
        : means_(std::move(means)), roll_ups_(std::move(roll_ups)) {}

    void watch(const Table& source) override;
    void create(const RollUp& roll_up, Span chunk_length) override;
    std::vector<Stale> stale() override;
    std::int64_t refresh(const Stale& stale) override;
    void refresh_all(const Range& range, const std::function<void(std::int64_t)>& done) override;
    std::optional<Span> late() override { return std::nullopt; }
    void set_late(Span /*late*/) override {}
    void will_drop(const std::string& source, Time before) override;
    Table storage(const RollUp& roll_up) override { return roll_ups_.table(roll_up); }
    void load(const RollUp& roll_up, const Copy& copy) override;
    void remake(const RollUp& roll_up, Time from) override;
    std::int64_t erase(const RollUp& roll_up, const std::string& condition) override;

  private:
    [[nodiscard]] std::string relation(std::string_view name) const;
    void note(const std::string& source, const Range& range);
    void fill_incomplete(const RollUp& roll_up);
    [[nodiscard]] std::vector<Stale> stale_of(const std::string& source);
    std::int64_t replace(const RollUp& roll_up, const Range& range);

    Means means_;
    RollUps roll_ups_;
};

// Creates roll_up_changes in the schema.
std::string roll_up_changes_sql(const std::string& schema);

// The function that the triggers of a raw table call.
std::string noting_function(const std::string& source);

}  // namespace tti::timeseries
