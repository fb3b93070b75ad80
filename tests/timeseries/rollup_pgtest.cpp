#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/postgres_server.hpp"
#include "timeseries/rollup_keeper.hpp"

namespace tti::timeseries {
namespace {

using namespace std::chrono_literals;

RollUps declared() {
    const std::vector<Measure> sums{{"packets", "sum(packets)::bigint"}, {"best", "max(best)"}};
    return {"s",
            {{.name = "seen_1h",
              .source = "raw",
              .source_time = "received_at",
              .bucket = 1h,
              .groups = {"gateway"},
              .measures = {{"packets", "count(*)"}, {"best", "max(rssi)"}},
              .indexes = {"gateway, bucket"}},
             {.name = "all_5m",
              .source = "raw",
              .source_time = "received_at",
              .bucket = 5min,
              .groups = {},
              .measures = {{"packets", "count(*)"}}},
             {.name = "seen_1d",
              .source = "seen_1h",
              .source_time = "bucket",
              .bucket = 24h,
              .groups = {"gateway"},
              .measures = sums},
             {.name = "count_1w",
              .source = "seen_1d",
              .source_time = "bucket",
              .bucket = 168h,
              .groups = {},
              .measures = {{"gateways", "count(DISTINCT gateway)"}}}}};
}

// What the roll-ups must hold, from the raw rows alone.
constexpr std::string_view direct_hours =
    "SELECT date_trunc('hour', received_at), gateway, count(*), max(rssi) FROM s.raw GROUP BY 1, 2";
constexpr std::string_view direct_fives =
    "SELECT to_timestamp(floor(extract(epoch FROM received_at) / 300) * 300), count(*) FROM s.raw GROUP BY 1";
constexpr std::string_view direct_days =
    "SELECT date_trunc('day', received_at), gateway, count(*), max(rssi) FROM s.raw GROUP BY 1, 2";
constexpr std::string_view direct_weeks =
    "SELECT date_trunc('week', received_at), count(DISTINCT gateway) FROM s.raw GROUP BY 1";

class RollUpTables : public testing::Test {
  protected:
    RollUpTables()
        : uri_(*postgres::Uri::parse(test::PostgresServer::instance().create_database())),
          connection_(uri_, {.context = "test"}, stop_),
          keeper_(make_roll_up_keeper(Way::partitions, {connection_, stop_, {}}, declared())) {
        connection_.execute(
            "SET timezone = 'UTC'; CREATE SCHEMA s; CREATE TABLE s.raw (received_at timestamptz NOT NULL, "
            "gateway text NOT NULL, rssi int NOT NULL) PARTITION BY RANGE (received_at)");
        postgres::Transaction transaction(connection_);
        make_keeper(Way::partitions, {connection_, stop_, {}})->adopt(raw_, 24h);
        keeper_->watch(raw_);
        for (const auto& roll_up : declared().all) keeper_->create(roll_up, 168h);
        transaction.commit();
    }

    void insert(postgres::Connection& connection, const std::string& from, int count, int every_seconds) {
        connection.execute(fmt::format(
            "INSERT INTO s.raw SELECT '{}'::timestamptz + n * {} * interval '1 second', 'g' || n % 7, -(n * "
            "37 % 90) FROM generate_series(1, {}) n",
            from, every_seconds, count));
    }
    void refresh() {
        keeper_->refresh_all({}, [](std::int64_t) {});
    }
    std::int64_t number(const std::string& sql) { return connection_.execute(sql).integer(0, 0); }
    std::int64_t differences(std::string_view name, std::string_view direct) {
        return number(
            fmt::format("SELECT count(*) FROM ((TABLE s.{0} EXCEPT ALL ({1})) UNION ALL (({1}) "
                        "EXCEPT ALL TABLE s.{0})) d",
                        name, direct));
    }
    void expect_all_equal(const char* when) {
        EXPECT_EQ(differences("seen_1h", direct_hours), 0) << when;
        EXPECT_EQ(differences("all_5m", direct_fives), 0) << when;
        EXPECT_EQ(differences("seen_1d", direct_days), 0) << when;
        EXPECT_EQ(differences("count_1w", direct_weeks), 0) << when;
        EXPECT_TRUE(keeper_->stale().empty()) << when;
    }

    util::NeverStop stop_;
    postgres::Uri uri_;
    postgres::Connection connection_;
    std::unique_ptr<RollUpKeeper> keeper_;
    Table raw_{"s", "raw", "received_at"};
};

TEST_F(RollUpTables, AgreeWithTheRowsAfterInsertsInAnyOrder) {
    insert(connection_, "2026-03-01", 3000, 600);
    EXPECT_FALSE(keeper_->stale().empty());
    EXPECT_GT(differences("seen_1h", direct_hours), 0);
    refresh();
    expect_all_equal("first");
    insert(connection_, "2026-03-21", 500, 60);
    insert(connection_, "2026-03-05 10:20", 40, 1);  // late
    insert(connection_, "2025-12-31 23:59", 3, 1);   // earlier than everything
    refresh();
    expect_all_equal("after late rows");
    refresh();
    expect_all_equal("after a refresh of nothing");
}

TEST_F(RollUpTables, AgreeAfterChangedAndDeletedRows) {
    insert(connection_, "2026-03-01", 2000, 300);
    refresh();
    connection_.execute(
        "UPDATE s.raw SET received_at = received_at - interval '3 days', rssi = -1 WHERE "
        "received_at BETWEEN '2026-03-05 03:00' AND '2026-03-05 05:00'");
    connection_.execute("DELETE FROM s.raw WHERE received_at >= '2026-03-07'");
    refresh();
    expect_all_equal("after changes");
}

TEST_F(RollUpTables, MissNothingOfATransactionThatIsLongerThanARefresh) {
    postgres::Connection other(uri_, {.context = "other"}, stop_);
    postgres::Transaction transaction(other);
    insert(other, "2026-03-01 12:00", 10, 1);
    insert(connection_, "2026-03-01 12:10", 10, 1);
    refresh();
    expect_all_equal("while it is open");
    transaction.commit();
    EXPECT_EQ(keeper_->stale().size(), 1U);
    refresh();
    expect_all_equal("after its end");
}

TEST_F(RollUpTables, AreAsBeforeWhenARefreshFailsInTheMiddle) {
    insert(connection_, "2026-03-01", 2000, 300);
    refresh();
    const auto before = number("SELECT sum(packets) FROM s.seen_1h");
    connection_.execute(
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'full'; END$$; CREATE "
        "TRIGGER fail BEFORE INSERT ON s.all_5m FOR EACH STATEMENT EXECUTE FUNCTION fail()");
    insert(connection_, "2026-03-02", 50, 60);
    EXPECT_THROW(refresh(), postgres::ServerError);
    EXPECT_EQ(number("SELECT sum(packets) FROM s.seen_1h"), before);
    EXPECT_FALSE(keeper_->stale().empty());
    connection_.execute("DROP TRIGGER fail ON s.all_5m");
    refresh();
    expect_all_equal("after the rerun");
}

TEST_F(RollUpTables, KeepWhatTheirRowsAreGoneOf) {
    insert(connection_, "2026-03-01", 2000, 300);
    refresh();
    const auto text = [this] {
        return std::string(connection_
                               .execute("SELECT string_agg(h::text, ';' ORDER BY h::text) FROM "
                                        "s.seen_1h h WHERE bucket < '2026-03-04'")
                               .text(0, 0));
    };
    const auto before = text();
    keeper_->will_drop("raw", Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 4)));
    connection_.execute("DELETE FROM s.raw WHERE received_at < '2026-03-04'");
    insert(connection_, "2026-03-02", 5, 60);        // too late
    insert(connection_, "2026-03-04 00:30", 5, 60);  // in time
    refresh();
    EXPECT_EQ(text(), before);
    EXPECT_TRUE(keeper_->stale().empty());
    EXPECT_EQ(number("SELECT sum(packets) FROM s.seen_1h WHERE bucket >= '2026-03-04'"),
              number("SELECT count(*) FROM s.raw WHERE received_at >= '2026-03-04'"));
    EXPECT_EQ(number("SELECT sum(packets) FROM s.seen_1d"), number("SELECT sum(packets) FROM s.seen_1h"));
}

TEST_F(RollUpTables, AreFilledFromRowsThatWereThereBefore) {
    insert(connection_, "2026-03-01", 2000, 300);
    refresh();
    RollUps more{"s",
                 {{.name = "later_1h",
                   .source = "raw",
                   .source_time = "received_at",
                   .bucket = 1h,
                   .groups = {"gateway"},
                   .measures = {{"packets", "count(*)"}, {"best", "max(rssi)"}}}}};
    const auto keeper = make_roll_up_keeper(Way::partitions, {connection_, stop_, {}}, more);
    keeper->create(more.all.front(), 168h);
    keeper->refresh_all({}, [](std::int64_t) {});
    EXPECT_EQ(differences("later_1h", direct_hours), 0);
}

// Of a time whose first rows have gone before, too.
TEST_F(RollUpTables, AreFilledFromWhatIsLeft) {
    insert(connection_, "2026-03-01", 2000, 300);
    refresh();
    keeper_->will_drop("raw", Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 4)));
    connection_.execute("DELETE FROM s.raw WHERE received_at < '2026-03-03 05:30'");
    auto more = declared();
    more.all.push_back(more.all.front());
    more.all.back().name = "later_1h";
    const auto keeper = make_roll_up_keeper(Way::partitions, {connection_, stop_, {}}, more);
    keeper->create(more.all.back(), 168h);
    keeper->refresh_all({}, [](std::int64_t) {});
    EXPECT_EQ(differences("later_1h", direct_hours), 0);
    EXPECT_GT(number("SELECT sum(packets) FROM s.seen_1h"), number("SELECT sum(packets) FROM s.later_1h"));
}

TEST_F(RollUpTables, AreKeptForWhoMayOnlyStoreRows) {
    connection_.execute(
        "CREATE ROLE storing_only; GRANT USAGE ON SCHEMA s TO storing_only; GRANT INSERT ON "
        "s.raw TO storing_only; SET ROLE storing_only");
    insert(connection_, "2026-03-01", 10, 300);
    connection_.execute("RESET ROLE");
    refresh();
    expect_all_equal("as another role");
    connection_.execute("DROP OWNED BY storing_only; DROP ROLE storing_only");
}

}  // namespace
}  // namespace tti::timeseries
