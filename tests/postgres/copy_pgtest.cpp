#include "postgres/support.hpp"

namespace tti::postgres {
namespace {

using testing::ElementsAre;

class CopyTest : public DatabaseTest {
  protected:
    CopyTest() { open().execute("CREATE TABLE t (i int, x text)"); }

    static std::function<bool(std::string&)> rows(int count, int& made) {
        return [count, &made](std::string& buffer) {
            buffer += std::to_string(made) + "\tvalue\n";
            return ++made < count;
        };
    }
};

TEST_F(CopyTest, BothWays) {
    Connection connection = open();
    int made = 0;
    EXPECT_EQ(connection.copy_in("COPY t FROM STDIN", rows(200000, made)), 200000);
    std::int64_t bytes = 0;
    std::string first;
    EXPECT_EQ(connection.copy_out("COPY (SELECT * FROM t ORDER BY i) TO STDOUT",
                                  [&](std::string_view row) {
                                      first = first.empty() ? std::string(row) : first;
                                      bytes += static_cast<std::int64_t>(row.size());
                                  }),
              200000);
    EXPECT_EQ(first, "0\tvalue\n");
    EXPECT_EQ(bytes, connection.execute("SELECT sum(length(i::text) + 7) FROM t").integer(0, 0));
    EXPECT_EQ(connection.copy_out("COPY (SELECT 1 WHERE false) TO STDOUT", [](std::string_view) { FAIL(); }),
              0);
}

TEST_F(CopyTest, FailuresLeaveTheConnectionUsable) {
    Connection connection = open();
    EXPECT_THROW(connection.copy_in("COPY missing FROM STDIN", [](std::string&) { return false; }),
                 UndefinedTable);
    EXPECT_THROW(connection.copy_in("COPY t FROM STDIN",
                                    [](std::string& buffer) {
                                        buffer = "not a number\tx\n";
                                        return false;
                                    }),
                 ServerError);
    EXPECT_THROW(connection.copy_in("COPY t FROM STDIN",
                                    [](std::string&) -> bool { throw std::runtime_error("mine"); }),
                 std::runtime_error);
    EXPECT_THROW(connection.copy_out("COPY (SELECT generate_series(1, 10000000)) TO STDOUT",
                                     [](std::string_view) { throw std::runtime_error("mine"); }),
                 std::runtime_error);
    EXPECT_THROW(connection.copy_out("COPY (SELECT 1 / (5 - i) FROM generate_series(1, 9) i) TO STDOUT",
                                     [](std::string_view) {}),
                 ServerError);
    EXPECT_EQ(connection.execute("SELECT count(*) FROM t").integer(0, 0), 0);
}

TEST_F(CopyTest, AStopEndsItAndKeepsNothing) {
    PipeStop stop;
    Connection connection(address(), {.context = "identity server"}, stop);
    int made = 0;
    const auto endless = [&](std::string& buffer) {
        buffer += "1\tx\n";
        if (++made == 300000) {
            stop.request();
        }
        return true;
    };
    EXPECT_THROW(connection.copy_in("COPY t FROM STDIN", endless), InterruptedError);
    EXPECT_EQ(open().execute("SELECT count(*) FROM t").integer(0, 0), 0);
    PipeStop other;
    Connection reader(address(), {.context = "identity server"}, other);
    int seen = 0;
    const auto duration = time_of([&] {
        EXPECT_THROW(reader.copy_out("COPY (SELECT generate_series(1, 1000000000)) TO STDOUT",
                                     [&](std::string_view) {
                                         if (++seen == 1000) {
                                             other.request();
                                         }
                                     }),
                     InterruptedError);
    });
    EXPECT_LT(duration.count(), 1000);
}

}  // namespace
}  // namespace tti::postgres
