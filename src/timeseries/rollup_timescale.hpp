#pragma once

#include "timeseries/rollup_keeper.hpp"

namespace tti::timeseries {

// Continuous aggregates of TimescaleDB, refreshed by its jobs, read as they were last refreshed.
// https://docs.timescale.com/use-timescale/latest/continuous-aggregates/
class TimescaleRollUps final : public RollUpKeeper {
  public:
    TimescaleRollUps(Means means, RollUps roll_ups)
        : means_(std::move(means)), roll_ups_(std::move(roll_ups)) {}

    void watch(const Table&) override {}
    void create(const RollUp& roll_up, Span chunk_length) override;
    std::vector<Stale> stale() override { return {}; }
    std::int64_t refresh(const Stale&) override { return 0; }
    void refresh_all(const Range& range, const std::function<void(std::int64_t)>& done) override;
    void will_drop(const std::string&, Time) override {}
    Table storage(const RollUp& roll_up) override;
    std::int64_t erase(const RollUp& roll_up, const std::string& condition) override;

  private:
    Means means_;
    RollUps roll_ups_;
};

}  // namespace tti::timeseries
