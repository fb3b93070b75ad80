#include <gtest/gtest.h>

#include "support/postgres_server.hpp"
#include "timeseries/keeper.hpp"

namespace tti::timeseries {
namespace {

// The licence is a setting, which may be given on a server without the extension too.
class PreferredWay : public testing::Test {
  protected:
    util::NeverStop stop_;
    postgres::Connection connection_{
        *postgres::Uri::parse(test::PostgresServer::instance().create_database()),
        {.context = "test"},
        stop_};
    postgres::Capabilities with_extension_{.extensions = {"plpgsql", "timescaledb"}};
};

TEST_F(PreferredWay, IsPartitionsWithoutTheExtension) {
    EXPECT_EQ(preferred_way(connection_, {.extensions = {"plpgsql"}}), Way::partitions);
}

TEST_F(PreferredWay, IsTimescaledbWithIt) {
    EXPECT_EQ(preferred_way(connection_, with_extension_), Way::timescaledb);
    connection_.execute("SET timescaledb.license = 'timescale'");
    EXPECT_EQ(preferred_way(connection_, with_extension_), Way::timescaledb);
}

TEST_F(PreferredWay, IsPartitionsUnderTheLicenceWithoutPolicies) {
    connection_.execute("SET timescaledb.license = 'apache'");
    EXPECT_EQ(preferred_way(connection_, with_extension_), Way::partitions);
}

}  // namespace
}  // namespace tti::timeseries
