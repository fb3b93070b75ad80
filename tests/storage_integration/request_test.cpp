#include "storage_integration/request.hpp"

#include <gtest/gtest.h>

#include "settings/resolve.hpp"
#include "util/error.hpp"

namespace tti::storage_integration {
namespace {

using namespace std::chrono_literals;

Request asked(const std::vector<settings::FlagText>& flags) {
    return request(settings::resolve_flags(keeping_options(), flags).values);
}

TEST(ChunkLength, IsADurationOrBareHours) {
    EXPECT_EQ(parse_chunk_length("12h"), 12h);
    EXPECT_EQ(parse_chunk_length("168"), 168h);
    EXPECT_EQ(parse_chunk_length("1h30m"), 90min);
    for (const char* text : {"", "0", "-1", "12 h", "h", "12days", "30s", "99999999", "1h1ns"})
        EXPECT_FALSE(parse_chunk_length(text)) << text;
}

TEST(Request, OfThePage) {
    const auto wanted = asked({{"timescaledb.chunk-time-interval", "12h"},
                               {"timescaledb.enable-retention-policy", "true"},
                               {"timescaledb.retention-days", "31"}});
    EXPECT_EQ(wanted.chunk_length, 12h);
    EXPECT_EQ(wanted.retention, true);
    EXPECT_EQ(wanted.keep, std::chrono::days(31));
    EXPECT_FALSE(wanted.days_without_retention);
}

TEST(Request, WithoutFlagsChangesNothing) {
    const auto wanted = asked({});
    EXPECT_FALSE(wanted.chunk_length);
    EXPECT_FALSE(wanted.retention);
    EXPECT_FALSE(wanted.way);
}

TEST(Request, RetentionHasAMonthAndCanBeTurnedOff) {
    EXPECT_EQ(asked({{"timescaledb.enable-retention-policy", "true"}}).keep, std::chrono::days(30));
    EXPECT_EQ(asked({{"timescaledb.enable-retention-policy", "false"}}).retention, false);
}

TEST(Request, DaysAloneHaveNoEffect) {
    const auto wanted = asked({{"timescaledb.retention-days", "31"}});
    EXPECT_FALSE(wanted.retention);
    EXPECT_TRUE(wanted.days_without_retention);
}

TEST(Request, CompressionIsInDaysAndZeroIsNever) {
    EXPECT_FALSE(asked({}).compress_after);
    EXPECT_EQ(asked({{"timescaledb.compress-after-days", "7"}}).compress_after, std::chrono::days(7));
    EXPECT_EQ(asked({{"timescaledb.compress-after-days", "0"}}).compress_after, 0s);
}

TEST(Request, RefusesNonsense) {
    EXPECT_THROW(asked({{"timescaledb.compress-after-days", "-1"}}), UsageError);
    EXPECT_THROW(asked({{"timescaledb.retention-days", "0"}}), UsageError);
    EXPECT_THROW(asked({{"timescaledb.retention-days", "-3"}}), UsageError);
    EXPECT_THROW(asked({{"timescaledb.chunk-time-interval", "soon"}}), UsageError);
    EXPECT_THROW(asked({{"timeseries", "files"}}), UsageError);
}

}  // namespace
}  // namespace tti::storage_integration
