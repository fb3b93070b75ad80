#pragma once

#include "timeseries/rollup_keeper.hpp"

namespace tti::timeseries {

// Continuous aggregates of TimescaleDB, refreshed by its jobs, read as they were last refreshed.
// https://docs.timescale.com/use-timescale/latest/continuous-aggregates/
class TimescaleRollUps final : public RollUpKeeper {
  public:
    TimescaleRollUps(Means means, RollUps roll_ups)
        : means_(std::move(means)), roll_ups_(std::move(roll_ups)) {}

    void watch(const Table& source) override;
    void create(const RollUp& roll_up, Span chunk_length) override;
    std::vector<Stale> stale() override { return {}; }
    std::int64_t refresh(const Stale& /*stale*/) override { return 0; }
    void refresh_all(const Range& range, const std::function<void(std::int64_t)>& done) override;
    std::optional<Span> late() override;
    void set_late(Span late) override;
    void will_drop(const std::string& source, Time before) override;
    Table storage(const RollUp& roll_up) override;
    void load(const RollUp& roll_up, const Copy& copy) override;
    void remake(const RollUp& roll_up, Time from) override;
    std::int64_t erase(const RollUp& roll_up, const std::string& condition) override;

    // The parts of create(): the aggregate, and the job that refreshes it.
    void create_view(const RollUp& roll_up, Span chunk_length);
    void schedule(const RollUp& roll_up, Span late);
    // The window is widened to whole buckets and no further: where the rows are gone, a refresh would empty
    // the buckets of what has changed. From Time::min(): from the first one on. No transaction can be around
    // it.
    void refresh_one(const RollUp& roll_up, const Range& range);

  private:
    [[nodiscard]] Span look_back(const RollUp& roll_up, Span late) const;

    Means means_;
    RollUps roll_ups_;
};

}  // namespace tti::timeseries
