#include "postgres/support.hpp"

namespace tti::postgres {
namespace {

using PipelineTest = DatabaseTest;

std::vector<Statement> inserts(int count) {
    std::vector<Statement> statements;
    for (int i = 0; i < count; ++i) {
        statements.push_back(
            {"INSERT INTO t VALUES ($1, $2) RETURNING i", {std::to_string(i), std::string(500, 'x')}});
    }
    return statements;
}

TEST_F(PipelineTest, TenThousandStatementsComeBackInOrder) {
    Connection connection = open();
    connection.execute("CREATE TABLE t (i int, filler text)");
    const std::vector<Result> results = connection.pipeline(inserts(10000));
    ASSERT_EQ(results.size(), 10000U);
    for (int i = 0; i < 10000; ++i) {
        ASSERT_EQ(results[static_cast<std::size_t>(i)].integer(0, 0), i);
    }
    EXPECT_EQ(connection.execute("SELECT count(*) FROM t").integer(0, 0), 10000);
}

TEST_F(PipelineTest, LargeAnswersDoNotBlockLargeQuestions) {
    Connection connection = open();
    const std::vector<Statement> statements(
        200, {"SELECT $1::text || repeat('y', 100000)", {std::string(100000, 'x')}});
    EXPECT_EQ(connection.pipeline(statements).back().text(0, 0).size(), 200000U);
}

TEST_F(PipelineTest, NothingIsKeptWhenOneFails) {
    Connection connection = open();
    connection.execute("CREATE TABLE t (i int UNIQUE, filler text)");
    std::vector<Statement> statements = inserts(1000);
    statements[500].parameters[0].emplace("3");
    EXPECT_THROW(connection.pipeline(statements), UniqueViolation);
    EXPECT_EQ(connection.execute("SELECT count(*) FROM t").integer(0, 0), 0);
    EXPECT_TRUE(connection.pipeline({}).empty());
}

TEST_F(PipelineTest, AStopEndsIt) {
    PipeStop stop;
    Connection connection(address(), {.context = "identity server"}, stop);
    const std::vector<Statement> statements(100, {"SELECT pg_sleep(0.1)"});
    std::thread ctrl_c([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(150));
        stop.request();
    });
    const auto duration = time_of([&] { EXPECT_THROW(connection.pipeline(statements), InterruptedError); });
    ctrl_c.join();
    EXPECT_LT(duration.count(), 1000);
}

}  // namespace
}  // namespace tti::postgres
