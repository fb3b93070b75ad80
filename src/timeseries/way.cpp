#include "timeseries/way.hpp"

namespace tti::timeseries {

std::string_view describe(Way way) {
    return way == Way::timescaledb ? "timescaledb" : "partitions";
}

Expected<Way> parse_way(std::string_view text) {
    for (const auto way : {Way::timescaledb, Way::partitions}) {
        if (text == describe(way)) return way;
    }
    return unexpected("accepted: timescaledb or partitions");
}

}  // namespace tti::timeseries
