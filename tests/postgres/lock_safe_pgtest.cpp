#include "postgres/lock_safe.hpp"
#include "postgres/support.hpp"

namespace tti::postgres {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class LockSafeTest : public DatabaseTest {
  protected:
    LockSafeTest() {
        connection_.execute("CREATE TABLE t (i int, j int); INSERT INTO t VALUES (1, 1)");
        holder_.execute("BEGIN; UPDATE t SET i = 2 WHERE j = 1 AND 'secret' <> ''");
    }
    static void alter(Connection& connection) { connection.execute("ALTER TABLE t ADD COLUMN k int"); }
    [[nodiscard]] std::string holder_pid() const {
        return "pid " + std::to_string(holder_.backend_pid()) + " ";
    }

    Connection connection_ = open();
    Connection holder_ = open();
};

TEST_F(LockSafeTest, TriesAgainUntilTheOtherTransactionHasEnded) {
    int attempts = 0;
    std::string blockers;
    with_short_locks(
        connection_, stop_, {},
        [&](std::string_view text, int attempt) {
            attempts = attempt;
            blockers = text;
            if (attempt == 3) {
                holder_.execute("COMMIT");
            }
        },
        &LockSafeTest::alter);
    EXPECT_EQ(attempts, 3);
    EXPECT_THAT(blockers, AllOf(HasSubstr(holder_pid()), HasSubstr("UPDATE t SET"),
                                HasSubstr("idle in transaction"), Not(HasSubstr("secret"))));
    EXPECT_EQ(open().execute("SELECT count(k) FROM t").integer(0, 0), 0);
}

TEST_F(LockSafeTest, GivesUpAndNamesTheHolder) {
    const LockPolicy policy{.first_pause = 20ms, .give_up = 1s};
    int attempts = 0;
    const auto error = thrown_by<LockedError>([&] {
        with_short_locks(
            connection_, stop_, policy, [&](std::string_view, int) { ++attempts; }, &LockSafeTest::alter);
    });
    EXPECT_GT(attempts, 2);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("identity server: "), HasSubstr(holder_pid())));
    EXPECT_THAT(error.hint(), HasSubstr("continues"));
    EXPECT_FALSE(connection_.in_transaction());
}

TEST_F(LockSafeTest, OtherErrorsAreNotTriedAgain) {
    int runs = 0;
    EXPECT_THROW(with_short_locks(connection_, stop_, {}, {},
                                  [&](Connection& connection) {
                                      ++runs;
                                      connection.execute("SELECT 1/0");
                                  }),
                 ServerError);
    EXPECT_EQ(runs, 1);
}

TEST_F(LockSafeTest, APauseEndsWithAStop) {
    PipeStop stop;
    EXPECT_GE(time_of([&] { pause(stop, 30ms); }).count(), 30);
    std::thread ctrl_c([&] {
        std::this_thread::sleep_for(50ms);
        stop.request();
    });
    EXPECT_LT(time_of([&] { EXPECT_THROW(pause(stop, 20s), InterruptedError); }).count(), 1000);
    ctrl_c.join();
}

TEST_F(LockSafeTest, AnInvalidIndexIsReplaced) {
    holder_.execute("ROLLBACK");
    const std::string create = "CREATE UNIQUE INDEX CONCURRENTLY t_i ON t (i)";
    connection_.execute("INSERT INTO t VALUES (1, 2); SET lock_timeout = 77");
    EXPECT_THROW(build_index_concurrently(connection_, "t_i", create), UniqueViolation);
    const char* valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_i'::regclass";
    EXPECT_FALSE(connection_.execute(valid).boolean(0, 0));
    connection_.execute("DELETE FROM t WHERE j = 2");
    build_index_concurrently(connection_, "t_i", create);
    EXPECT_TRUE(connection_.execute(valid).boolean(0, 0));
    EXPECT_EQ(connection_.execute("SHOW lock_timeout").text(0, 0), "77ms");
    const char* number = "SELECT 't_i'::regclass::oid";
    const std::int64_t before = connection_.execute(number).integer(0, 0);
    build_index_concurrently(connection_, "t_i", create);
    EXPECT_EQ(connection_.execute(number).integer(0, 0), before);
}

}  // namespace
}  // namespace tti::postgres
