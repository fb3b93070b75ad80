#include "operation/condition.hpp"

#include <gtest/gtest.h>

namespace tti::operation {
namespace {

TEST(Condition, IsReadAsItWasTold) {
    const Condition told{
        .server = "15.18",
        .database = "localhost/stack",
        .version = "20240103000002",
        .newest_version = "20240103000003",
        .differences = {"an index is missing"},
        .troubles = {"The job failed."},
        .next = "is-db migrate",
        .backups = {.text = "WAL archived", .data = {{"failed", 1}}, .troubles = {"It fails."}}};
    nlohmann::json data{{"outcome", "due"}};
    add(data, told);
    const auto read = condition_of(data);
    EXPECT_EQ(data["outcome"], "due");
    EXPECT_EQ(read.server, told.server);
    EXPECT_EQ(read.database, told.database);
    EXPECT_EQ(read.version, told.version);
    EXPECT_EQ(read.newest_version, told.newest_version);
    EXPECT_EQ(read.differences, told.differences);
    EXPECT_EQ(read.troubles, told.troubles);
    EXPECT_EQ(read.next, told.next);
    EXPECT_EQ(read.backups.text, told.backups.text);
    EXPECT_EQ(read.backups.data, told.backups.data);
    EXPECT_EQ(read.backups.troubles, told.backups.troubles);
}

TEST(Condition, OfAServerThatTellsLittleHasNoValues) {
    const auto read = condition_of({{"server", "7.0.15"}});
    EXPECT_EQ(read.server, "7.0.15");
    EXPECT_TRUE(read.version.is_null());
    EXPECT_TRUE(read.backups.data.is_null());
    EXPECT_TRUE(read.differences.empty());
}

}  // namespace
}  // namespace tti::operation
