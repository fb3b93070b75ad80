#include "timeseries/rollup.hpp"

#include <gmock/gmock.h>

namespace tti::timeseries {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Time start = std::chrono::sys_days(std::chrono::year(2026) / 3 / 2);

RollUps some() {
    const auto roll_up = [](std::string name, std::string source, Span bucket) {
        return RollUp{.name = std::move(name), .source = std::move(source), .bucket = bucket};
    };
    return {
        "s",
        {roll_up("a_5m", "raw", 5min), roll_up("a_1h", "raw", 1h), roll_up("b_1h", "other", 1h),
         roll_up("a_1d", "a_1h", 24h), roll_up("count_1d", "a_1d", 24h), roll_up("count_1w", "a_1d", 168h)}};
}

TEST(RollUps, SourcesStandBeforeWhatIsBuiltOnThem) {
    EXPECT_THAT(some().sources(), ElementsAre("raw", "other", "a_1h", "a_1d"));
}

TEST(RollUps, ChangesAreNotedInTheLongestBucketThatTheyAreIn) {
    EXPECT_EQ(some().unit("raw"), Span(1h));
    EXPECT_EQ(some().unit("a_1h"), Span(24h));
    EXPECT_EQ(some().unit("a_1d"), Span(168h));
}

TEST(MergeUnits, JoinsNeighboursUpToALimit) {
    const std::vector<Time> units{start, start + 1h, start + 2h, start + 5h, start + 6h};
    EXPECT_THAT(merge_units(units, 1h, 24),
                ElementsAre(Range{start, start + 3h}, Range{start + 5h, start + 7h}));
    EXPECT_THAT(
        merge_units(units, 1h, 2),
        ElementsAre(Range{start, start + 2h}, Range{start + 2h, start + 3h}, Range{start + 5h, start + 7h}));
    EXPECT_THAT(merge_units({}, 1h, 2), IsEmpty());
}

TEST(BucketStart, IsCountedFromAMonday) {
    EXPECT_EQ(bucket_start(start + 3h + 59min, 1h), start + 3h);
    EXPECT_EQ(bucket_start(start + 6 * 24h, 168h), start);
    EXPECT_EQ(bucket_start(bucket_origin, 24h), bucket_origin);
    EXPECT_EQ(bucket_start(bucket_origin - 1us, 168h), bucket_origin - 168h);
}

TEST(AggregateSql, NamesEveryColumn) {
    const RollUp roll_up{.name = "a_1h",
                         .source = "raw",
                         .source_time = "received_at",
                         .groups = {"tenant_id"},
                         .measures = {{"packet_count", "count(*)"}}};
    EXPECT_EQ(
        aggregate_sql("s", roll_up, "b", "c"),
        R"(SELECT b AS bucket, "tenant_id", count(*) AS "packet_count" FROM "s"."raw" WHERE c GROUP BY b, "tenant_id")");
    EXPECT_EQ(column_list(roll_up), R"(bucket, "tenant_id", "packet_count")");
}

}  // namespace
}  // namespace tti::timeseries
