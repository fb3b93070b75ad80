#include <csignal>

#include "postgres/connection.hpp"
#include "postgres/support.hpp"

namespace tti::postgres {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using ConnectionTest = DatabaseTest;

TEST_F(ConnectionTest, ReturnsTypedValues) {
    Connection connection = open();
    const Result result =
        connection.query("SELECT $1::text, 42, true, NULL::int, ARRAY['a','b c',NULL]::text[]", {"é'x"});
    ASSERT_EQ(result.rows(), 1);
    EXPECT_EQ(result.text(0, 0), "é'x");
    EXPECT_EQ(result.integer(0, 1), 42);
    EXPECT_TRUE(result.boolean(0, 2));
    EXPECT_TRUE(result.is_null(0, 3));
    EXPECT_EQ(result.optional_text(0, 3), std::nullopt);
    EXPECT_THAT(result.array(0, 4), ElementsAre("a", "b c", ""));
}

TEST_F(ConnectionTest, RunsSeveralStatementsAndReturnsTheLast) {
    Connection connection = open();
    EXPECT_EQ(
        connection.execute("CREATE TABLE t (i int); INSERT INTO t VALUES (1), (2); SELECT sum(i) FROM t")
            .integer(0, 0),
        3);
    EXPECT_EQ(connection.query("UPDATE t SET i = i + $1", {"1"}).affected(), 2);
}

TEST_F(ConnectionTest, ErrorsHaveTheTypeOfTheirSqlstate) {
    Connection connection = open();
    connection.execute("CREATE TABLE t (i int CONSTRAINT t_key UNIQUE, secret text NOT NULL)");
    connection.execute("INSERT INTO t VALUES (1, 'x')");
    const auto unique =
        thrown_by<UniqueViolation>([&] { connection.execute("INSERT INTO t VALUES (1, 'x')"); });
    EXPECT_STREQ(
        unique.what(),
        "identity server: duplicate key value violates unique constraint \"t_key\" (SQLSTATE 23505): Key "
        "(i)=(1) already exists");
    EXPECT_EQ(unique.diagnostics().constraint, "t_key");
    EXPECT_EQ(unique.diagnostics().table, "t");
    EXPECT_THROW(connection.execute("SELECT * FROM missing"), UndefinedTable);
    EXPECT_THROW(connection.execute("CREATE TABLE missing.t ()"), UndefinedSchema);
    EXPECT_THROW(connection.execute("SET statement_timeout = 20; SELECT pg_sleep(5)"), QueryCanceled);
    // The failed row, with its secrets, is not shown.
    const auto row = thrown_by<ServerError>([&] { connection.execute("INSERT INTO t VALUES (4711, NULL)"); });
    EXPECT_THAT(row.what(), Not(HasSubstr("4711")));
    EXPECT_EQ(connection.execute("SELECT 1").integer(0, 0), 1);
}

TEST_F(ConnectionTest, MissingRightsAreTold) {
    Connection connection = open();
    connection.execute(
        "CREATE TABLE t (); DROP ROLE IF EXISTS nobody_here; CREATE ROLE nobody_here; SET ROLE nobody_here");
    EXPECT_THAT(thrown_by<InsufficientPrivilege>([&] { connection.execute("SELECT * FROM t"); }).hint(),
                HasSubstr("owns"));
    connection.execute("RESET ROLE; DROP ROLE nobody_here");
}

TEST_F(ConnectionTest, TheSearchPathAndRunTimeParametersOfTheAddressHold) {
    open().execute("CREATE SCHEMA acme; CREATE SCHEMA other; CREATE TABLE acme.t AS SELECT 7 AS i");
    for (const Mode mode : {Mode::writes, Mode::read_only}) {
        Connection connection =
            open("&search_path=acme,other&statement_timeout=4321&timezone=Asia/Tokyo", mode);
        EXPECT_EQ(connection.execute("SELECT current_schema()").text(0, 0), "acme");
        EXPECT_EQ(connection.execute("SELECT i FROM t").integer(0, 0), 7);
        EXPECT_EQ(connection.execute("SHOW statement_timeout").text(0, 0), "4321ms");
        EXPECT_EQ(connection.execute("SELECT timestamptz '2024-01-02 03:04:05+00'").text(0, 0),
                  "2024-01-02 03:04:05+00");
    }
}

TEST_F(ConnectionTest, AReadOnlyConnectionCannotWriteAndSeesOneMoment) {
    Connection writer = open();
    writer.execute("CREATE TABLE t (i int)");
    Connection reader = open("", Mode::read_only);
    EXPECT_EQ(reader.execute("SELECT count(*) FROM t").integer(0, 0), 0);
    writer.execute("INSERT INTO t VALUES (1)");
    EXPECT_EQ(reader.execute("SELECT count(*) FROM t").integer(0, 0), 0);
    EXPECT_THROW(reader.execute("INSERT INTO t VALUES (2)"), ReadOnlyViolation);
    EXPECT_TRUE(reader.in_transaction());
}

TEST_F(ConnectionTest, AStopCancelsTheRunningStatement) {
    PipeStop stop;
    Connection connection(address(), {.context = "identity server"}, stop);
    std::thread ctrl_c([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        stop.request();
    });
    const auto duration =
        time_of([&] { EXPECT_THROW(connection.execute("SELECT pg_sleep(20)"), InterruptedError); });
    ctrl_c.join();
    EXPECT_LT(duration.count(), 1000);
    EXPECT_THROW(connection.execute("SELECT 1"), InterruptedError);
    EXPECT_EQ(
        open()
            .execute(
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(20)' AND state = 'active'")
            .integer(0, 0),
        0);
}

TEST_F(ConnectionTest, AStoppedTransactionIsRolledBack) {
    open().execute("CREATE TABLE t (i int)");
    PipeStop stop;
    Connection connection(address(), {.context = "identity server"}, stop);
    EXPECT_THROW(
        {
            Transaction transaction(connection);
            connection.execute("INSERT INTO t VALUES (1)");
            stop.request();
            transaction.commit();
        },
        InterruptedError);
    EXPECT_FALSE(connection.in_transaction());
    EXPECT_EQ(open().execute("SELECT count(*) FROM t").integer(0, 0), 0);
}

TEST_F(ConnectionTest, ATransactionEndsAsItWasTold) {
    Connection connection = open();
    connection.execute("CREATE TABLE t (i int)");
    {
        Transaction left_open(connection);
        connection.execute("INSERT INTO t VALUES (1)");
    }
    EXPECT_EQ(connection.execute("SELECT count(*) FROM t").integer(0, 0), 0);
    Transaction committed(connection);
    connection.execute("INSERT INTO t VALUES (1)");
    committed.commit();
    EXPECT_EQ(open().execute("SELECT count(*) FROM t").integer(0, 0), 1);
    Transaction broken(connection);
    EXPECT_THROW(connection.execute("SELECT 1/0"), ServerError);
    EXPECT_THROW(broken.commit(), Error);
}

TEST_F(ConnectionTest, ALostConnectionIsTold) {
    Connection connection = open();
    const std::string pid = std::to_string(connection.backend_pid());
    std::thread killer([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        open().query("SELECT pg_terminate_backend($1)", {pid});
    });
    EXPECT_THAT(thrown_by<ConnectionError>([&] { connection.execute("SELECT pg_sleep(20)"); }).what(),
                AllOf(HasSubstr("identity server: "), HasSubstr("57P01")));
    killer.join();
    EXPECT_THROW(connection.execute("SELECT 1"), ConnectionError);
    // Between two statements as well.
    Connection idle = open();
    open().query("SELECT pg_terminate_backend($1, 1000)", {std::to_string(idle.backend_pid())});
    EXPECT_THROW(idle.execute("SELECT 1"), ConnectionError);
    EXPECT_THROW(idle.query("SELECT 1", {}), ConnectionError);
}

TEST_F(ConnectionTest, NoticesReachTheirHandler) {
    Connection connection = open();
    std::vector<std::string> notices;
    connection.on_notice([&](std::string_view text) { notices.emplace_back(text); });
    connection.execute("DO $$ BEGIN RAISE NOTICE 'hello'; END $$");
    EXPECT_THAT(notices, ElementsAre("hello"));
}

TEST_F(ConnectionTest, ASlowStatementIsToldOnce) {
    Connection connection = open();
    int told = 0;
    connection.on_slow(std::chrono::milliseconds(20), [&] { ++told; });
    connection.execute("SELECT 1");
    EXPECT_EQ(told, 0);
    connection.execute("SELECT pg_sleep(0.2)");
    EXPECT_EQ(told, 1);
}

TEST_F(ConnectionTest, MovesKeepItUsable) {
    Connection first = open();
    Connection second = std::move(first);
    EXPECT_EQ(second.execute("SELECT 1").integer(0, 0), 1);
    second = open("", Mode::read_only);
    EXPECT_TRUE(second.in_transaction());
}

TEST_F(ConnectionTest, CopyIsNotTakenForAStatement) {
    Connection connection = open();
    EXPECT_THROW(connection.execute("COPY (SELECT 1) TO STDOUT"), std::logic_error);
}

}  // namespace
}  // namespace tti::postgres
