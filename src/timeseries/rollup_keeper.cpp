#include "timeseries/rollup_keeper.hpp"

#include "timeseries/rollup_partitions.hpp"
#include "timeseries/rollup_timescale.hpp"

namespace tti::timeseries {

std::unique_ptr<RollUpKeeper> make_roll_up_keeper(Way way, Means means, RollUps roll_ups) {
    if (way == Way::timescaledb)
        return std::make_unique<TimescaleRollUps>(std::move(means), std::move(roll_ups));
    return std::make_unique<PartitionedRollUps>(std::move(means), std::move(roll_ups));
}

}  // namespace tti::timeseries
